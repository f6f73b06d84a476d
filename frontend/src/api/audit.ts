/** Who changed what; the gateway asks every part. */
import { get } from "./http";
import type { AuditEntry, Collection } from "./types";

export const listChanges = (entityType: string, entityId: string, signal?: AbortSignal) =>
  get<Collection<AuditEntry>>("/audit-trail", { entityType, entityId, itemsPerPage: 10 }, signal);
