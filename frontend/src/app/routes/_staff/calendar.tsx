/** /calendar — the view and the day live in the address; who is being booked is carried over from the patient. */
import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { clinic } from "@/api/clinic";
import { patientQuery } from "@/features/patients/queries";
import { CalendarPage, type CalendarState } from "@/features/scheduling/CalendarPage";
import { practitionersQuery } from "@/features/scheduling/queries";
import { nextSlot } from "@/features/scheduling/slots";
import { toWallTime } from "@/i18n/clinicTime";
import { isWide } from "@/ui/useIsWide";
import { DATE, ID, INSTANT, matching, oneOf } from "../../searchParams";

interface CalendarSearch {
  view?: "day" | "week" | "month" | "list";
  date?: string;
  /** Ids of the practitioners shown, with commas. */
  shown?: string;
  patient?: string;
  at?: string;
  practitioner?: string;
  new?: true;
}

export const Route = createFileRoute("/_staff/calendar")({
  validateSearch: (search: Record<string, unknown>): CalendarSearch => ({
    ...oneOf(search, "view", ["day", "week", "month", "list"] as const),
    ...matching(search, "date", DATE),
    ...matching(search, "shown", /^[0-9a-f,-]+$/i),
    ...matching(search, "patient", ID),
    ...matching(search, "at", INSTANT),
    ...matching(search, "practitioner", ID),
    ...(search.new === true && { new: true }),
  }),
  loader: ({ context }) => void context.queryClient.prefetchQuery(practitionersQuery),
  component: function CalendarRoute() {
    const navigate = Route.useNavigate();
    const search = Route.useSearch();
    const booked = useQuery({
      ...patientQuery(search.patient ?? ""),
      enabled: search.patient !== undefined,
    }).data;
    const state: CalendarState = {
      view: search.view ?? (isWide() ? "week" : "day"),
      date: search.date ?? toWallTime(new Date(), clinic.timezone).date,
      shown: search.shown ? search.shown.split(",") : [],
    };
    const change = (part: Partial<CalendarState>) =>
      navigate({
        replace: true,
        resetScroll: false,
        search: (previous) => {
          const next = { ...state, ...part };
          const { shown: _, ...rest } = previous;
          return {
            ...rest,
            view: next.view,
            date: next.date,
            ...(next.shown.length && { shown: next.shown.join(",") }),
          };
        },
      });
    const forgetOpening = () =>
      navigate({ replace: true, search: ({ at: _, practitioner: __, new: ___, ...rest }) => rest });
    const forgetPatient = () => navigate({ replace: true, search: ({ patient: _, ...rest }) => rest });
    const opensAt = search.at ?? (search.new && nextSlot(new Date()));
    const isReady = !search.patient || booked;
    return (
      <CalendarPage
        state={state}
        onChange={change}
        patient={booked ? { id: booked.id, label: booked.fullName } : null}
        opening={opensAt && isReady ? { startsAt: opensAt, practitionerId: search.practitioner } : null}
        onOpened={forgetOpening}
        onBookingEnd={forgetPatient}
      />
    );
  },
});
