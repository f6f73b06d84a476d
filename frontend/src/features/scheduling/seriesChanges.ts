/** Changing and calling off what is left of a series, with the way back for every session. */
import { cancelSeries, changeAppointment, changeSeries, listOfPatient } from "@/api/scheduling";
import type { Appointment, Series, SeriesPatch } from "@/api/types";
import { asItWas } from "./calendarMoves";
import { type Scope, sinceOf } from "./SeriesScope";

export interface SeriesChange {
  series: Series;
  /** Null when it is not known how all of them were. */
  undo: (() => Promise<void>) | null;
}

async function backTo(before: readonly Appointment[], after: readonly Appointment[]): Promise<void> {
  for (const appointment of before) {
    const changed = after.find(({ id }) => id === appointment.id);
    if (changed) await changeAppointment(appointment.id, asItWas(appointment), changed.version);
  }
}

/** A patient's latest 50 appointments hold most series whole. */
async function sessionsBefore({ patientId, seriesId }: Appointment): Promise<Appointment[]> {
  if (!patientId) return [];
  return (await listOfPatient(patientId)).member.filter((other) => other.seriesId === seriesId);
}

async function changed(appointment: Appointment, change: () => Promise<Series>): Promise<SeriesChange> {
  const before = await sessionsBefore(appointment);
  const series = await change();
  const isKnown = series.appointments.every(({ id }) => before.some((session) => session.id === id));
  return { series, undo: isKnown ? () => backTo(before, series.appointments) : null };
}

export const changeRest = (appointment: Appointment, seriesId: string, scope: Scope, patch: SeriesPatch) =>
  changed(appointment, () => changeSeries(seriesId, { ...patch, ...sinceOf(scope, appointment.id) }));

export const cancelRest = (
  appointment: Appointment,
  seriesId: string,
  scope: Scope,
  reason: string,
  key: string,
) => changed(appointment, () => cancelSeries(seriesId, reason, key, sinceOf(scope, appointment.id).since));
