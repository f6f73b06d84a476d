/** Scheduling's calls: practitioners and the calendar. */
import { create, get } from "./http";
import type { Appointment, AppointmentInput, CancellationInput, Collection, Practitioner } from "./types";

export const listPractitioners = (signal?: AbortSignal) =>
  get<Collection<Practitioner>>("/practitioners", { itemsPerPage: 200 }, signal);

/** Everything that intersects the window; instants as ISO with offset. */
export const listWindow = (start: string, end: string, signal?: AbortSignal) =>
  get<Collection<Appointment>>("/appointments", { start, end }, signal);
export const listOfPatient = (patientId: string, signal?: AbortSignal) =>
  get<Collection<Appointment>>("/appointments", { patientId, itemsPerPage: 50 }, signal);
export const book = (input: AppointmentInput, idempotencyKey: string) =>
  create<Appointment>("/appointments", input, idempotencyKey);
export const cancelAppointment = (id: string, reason: string, idempotencyKey: string) =>
  create<Appointment>(
    `/appointments/${id}/cancellation`,
    { reason } satisfies CancellationInput,
    idempotencyKey,
  );
