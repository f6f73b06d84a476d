/** What is done with the people on the waiting list; each step can be taken back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { problemText } from "@/api/problemText";
import { bookWaiting, deleteAppointment, waitAgain, withdrawWaiting } from "@/api/scheduling";
import type { Appointment, WaitingEntry } from "@/api/types";
import { useIdempotencyKey } from "@/api/useIdempotencyKey";
import { useLanguage } from "@/i18n/language";
import { said, saidProblem } from "@/ui/toast";
import { useDiaryRefresh, useToldWithUndo } from "./useUndo";

export function useWaitingRefresh(): () => void {
  const queryClient = useQueryClient();
  const refreshDiary = useDiaryRefresh();
  return () => {
    void queryClient.invalidateQueries({ queryKey: ["waiting-list"] });
    refreshDiary();
  };
}

export interface Place {
  entry: WaitingEntry;
  practitionerId: string;
  startsAt: string;
}

/** Taken back, the appointment is gone and the person waits as before. */
export function useWaitingBooking(onBooked?: (appointment: Appointment) => void) {
  const { t } = useLanguage();
  const withKey = useIdempotencyKey();
  const refresh = useWaitingRefresh();
  const told = useToldWithUndo();
  return useMutation({
    mutationFn: ({ entry, practitionerId, startsAt }: Place) =>
      withKey((key) => bookWaiting(entry.id, { practitionerId, startsAt }, key)),
    onSuccess: (booked, { entry }) => {
      told(t("waiting.booked"), async () => {
        await deleteAppointment(booked.id, booked.version);
        await waitAgain(entry.id).finally(refresh);
      });
      onBooked?.(booked);
    },
    onSettled: refresh,
  });
}

export function useWithdrawal() {
  const { t } = useLanguage();
  const refresh = useWaitingRefresh();
  const told = useToldWithUndo();
  return useMutation({
    mutationFn: (entry: WaitingEntry) => withdrawWaiting(entry.id, entry.version),
    onSuccess: (_, entry) => told(t("waiting.withdrawn"), () => waitAgain(entry.id).finally(refresh)),
    onError: (error) => saidProblem(problemText(error)),
    onSettled: refresh,
  });
}

export function useWaitAgain() {
  const { t } = useLanguage();
  const refresh = useWaitingRefresh();
  return useMutation({
    mutationFn: (entry: WaitingEntry) => waitAgain(entry.id),
    onSuccess: () => said(t("waiting.again.done")),
    onError: (error) => saidProblem(problemText(error)),
    onSettled: refresh,
  });
}
