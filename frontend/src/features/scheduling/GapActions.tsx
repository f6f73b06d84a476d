/** Generates and deletes gaps for the days on screen and the practitioners shown; why not is said where it cannot be. */
import { useMutation } from "@tanstack/react-query";
import { CalendarMinus, CalendarPlus } from "lucide-react";
import { type ReactNode, useId } from "react";
import { newIdempotencyKey } from "@/api/headers";
import { problemText } from "@/api/problemText";
import { deleteGaps, generateGaps } from "@/api/scheduling";
import type { GapsGenerated } from "@/api/types";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { said, saidProblem } from "@/ui/toast";
import { type GapPlan, whyNotDelete, whyNotGenerate } from "./gapPlans";
import { useDiaryRefresh, useToldWithUndo } from "./useUndo";

interface Outcome {
  done: GapPlan[];
  count: number;
  problems: string[];
}

/** One practitioner after the other; what one refuses does not hold back the others. */
async function forEach(
  plans: readonly GapPlan[],
  act: (plan: GapPlan) => Promise<{ count: number } & Partial<GapsGenerated>>,
): Promise<Outcome> {
  const outcome: Outcome = { done: [], count: 0, problems: [] };
  for (const plan of plans) {
    const name = plan.practitioner.name;
    try {
      const { count, warning } = await act(plan);
      if (warning) outcome.problems.push(`${name}: ${warning}`);
      if (count > 0) outcome.done.push(plan);
      outcome.count += count;
    } catch (error) {
      outcome.problems.push(`${name}: ${problemText(error)}`);
    }
  }
  return outcome;
}

const generateAll = (plans: readonly GapPlan[]) =>
  forEach(plans, ({ range }) => generateGaps(range, newIdempotencyKey()));
const deleteAll = (plans: readonly GapPlan[]) => forEach(plans, ({ range }) => deleteGaps(range));

export function GapActions({ plans }: { plans: readonly GapPlan[] }) {
  const { t } = useLanguage();
  const refresh = useDiaryRefresh();
  const toldWithUndo = useToldWithUndo();
  const finish = (text: string, { count, problems }: Outcome, undo: (() => Promise<unknown>) | null) => {
    refresh();
    for (const problem of problems) saidProblem(problem);
    if (count === 0) return;
    if (undo) toldWithUndo(text, undo);
    else said(text);
  };
  const generate = useMutation({
    mutationFn: () => generateAll(plans.filter(({ isEmpty }) => isEmpty)),
    onSuccess: (outcome) =>
      finish(t("calendar.gaps.generated", { count: outcome.count }), outcome, () => deleteAll(outcome.done)),
  });
  const clear = useMutation({
    mutationFn: () => deleteAll(plans.filter(({ gaps }) => gaps > 0)),
    onSuccess: (outcome) => {
      // Only what the week grid makes anew can come back, and only where nothing else has been booked.
      const restorable = outcome.done.filter((plan) => plan.onlyGaps);
      const undo = restorable.length === outcome.done.length ? () => generateAll(restorable) : null;
      finish(t("calendar.gaps.deleted", { count: outcome.count }), outcome, undo);
    },
  });
  return (
    <>
      <Action
        label={t("calendar.gaps.generate")}
        icon={<CalendarPlus aria-hidden className="size-4.5" />}
        refusal={whyNotGenerate(plans, new Date())}
        busy={generate.isPending}
        onClick={() => generate.mutate()}
      />
      <Action
        label={t("calendar.gaps.delete")}
        icon={<CalendarMinus aria-hidden className="size-4.5" />}
        refusal={whyNotDelete(plans)}
        busy={clear.isPending}
        onClick={() => clear.mutate()}
      />
    </>
  );
}

interface ActionProps {
  label: string;
  icon: ReactNode;
  refusal: ReturnType<typeof whyNotGenerate>;
  busy: boolean;
  onClick: () => void;
}

/** A refused action can still be reached, so that everybody learns why. */
function Action({ label, icon, refusal, busy, onClick }: ActionProps) {
  const { t } = useLanguage();
  const id = useId();
  const reason = refusal && t(refusal);
  return (
    <>
      <Button
        busy={busy}
        {...(reason && { "aria-disabled": true, "aria-describedby": id, title: reason })}
        className={reason ? "opacity-60" : ""}
        onClick={reason ? () => saidProblem(reason) : onClick}
      >
        {icon}
        {label}
      </Button>
      {reason && (
        <span id={id} className="sr-only">
          {reason}
        </span>
      )}
    </>
  );
}
