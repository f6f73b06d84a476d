/** Who read whose clinical data, what, when and from where; for admins. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileClock, SearchX } from "lucide-react";
import { clinic } from "@/api/clinic";
import { listPatients } from "@/api/patients";
import { failureOf } from "@/api/problemText";
import type { Access } from "@/api/types";
import { formatDate, formatDateTime, formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { Select, TextField } from "@/ui/Field";
import { BeyondTheEnd, Pages } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { type Pick, SearchPicker } from "@/ui/SearchPicker";
import { EmptyState, SkeletonRows } from "@/ui/surface";
import { accessesQuery, patientQuery, staffQuery } from "./queries";

export interface AccessLogState {
  /** Ids and dates; empty where nothing is narrowed. */
  patient: string;
  person: string;
  from: string;
  to: string;
  page: number;
}

interface AccessLogProps {
  state: AccessLogState;
  onChange: (change: Partial<AccessLogState>) => void;
}

export function AccessLog({ state, onChange }: AccessLogProps) {
  const { t } = useLanguage();
  const { patient, person, from, to, page } = state;
  const accesses = useQuery(
    accessesQuery({
      ...(patient && { patientId: patient }),
      ...(person && { actorId: person }),
      ...(from && { from }),
      ...(to && { to }),
      page,
    }),
  );
  const found = accesses.data?.member ?? [];
  const isFiltered = Boolean(patient || person || from || to);
  const narrow = (part: Partial<AccessLogState>) => onChange({ ...part, page: 1 });
  return (
    <Page heading={t("accesses.heading")}>
      <Filters state={state} onChange={narrow} />
      {accesses.isError && (
        <FailureNotice urgent failure={failureOf(accesses.error)} onRetry={accesses.refetch} />
      )}
      {accesses.isPending && (
        <div className="card">
          <SkeletonRows rows={8} />
        </div>
      )}
      {accesses.data && (
        <div
          className={classes(
            "card overflow-hidden transition-opacity",
            accesses.isPlaceholderData && "opacity-60",
          )}
        >
          {found.length > 0 && (
            <ul aria-label={t("accesses.heading")} aria-busy={accesses.isPlaceholderData}>
              {found.map((access) => (
                <AccessRow key={access.id} access={access} />
              ))}
            </ul>
          )}
          {found.length === 0 && page > 1 && <BeyondTheEnd onFirst={() => narrow({})} />}
          {found.length === 0 && page === 1 && (
            <EmptyState
              icon={isFiltered ? <SearchX /> : <FileClock />}
              heading={t(isFiltered ? "accesses.nothingFound" : "accesses.empty")}
              action={
                isFiltered && (
                  <Button onClick={() => narrow({ patient: "", person: "", from: "", to: "" })}>
                    {t("list.clear")}
                  </Button>
                )
              }
            />
          )}
        </div>
      )}
      {accesses.data && found.length > 0 && (
        <Pages
          page={page}
          hasNext={Boolean(accesses.data.view.next)}
          onPage={(next) => onChange({ page: next })}
          texts={{
            navigation: t("list.pages"),
            previous: t("list.previous"),
            next: t("list.next"),
            summary: accesses.data.totalItemsExact
              ? t("accesses.count", { count: accesses.data.totalItems })
              : t("accesses.countOver", { count: formatNumber(accesses.data.totalItems) }),
          }}
        />
      )}
    </Page>
  );
}

async function findPatients(search: string, signal: AbortSignal): Promise<Pick[]> {
  const { member } = await listPatients({ search, itemsPerPage: 8 }, signal);
  return member.map(({ id, fullName, dateOfBirth }) => ({
    id,
    label: fullName,
    ...(dateOfBirth && { detail: formatDate(dateOfBirth) }),
  }));
}

function Filters({ state, onChange }: AccessLogProps) {
  const { t } = useLanguage();
  const staff = useQuery(staffQuery).data ?? [];
  const chosen = useQuery({ ...patientQuery(state.patient), enabled: state.patient !== "" }).data;
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 max-lg:*:nth-[-n+2]:col-span-2 lg:grid-cols-[minmax(0,2fr)_minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)]">
      <SearchPicker
        key={state.patient}
        label={t("patient.heading")}
        value={state.patient && chosen ? { id: chosen.id, label: chosen.fullName } : null}
        onChange={(pick) => onChange({ patient: pick?.id ?? "" })}
        searchKey="patients"
        search={findPatients}
        texts={{
          placeholder: t("booking.patient.placeholder"),
          nothing: t("patients.nothingFound"),
          clear: t("booking.patient.clear"),
        }}
      />
      <Select
        label={t("accesses.actor")}
        value={state.person}
        onChange={(event) => onChange({ person: event.target.value })}
      >
        <option value="">{t("accesses.everybody")}</option>
        {staff.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <TextField
        label={t("accesses.from")}
        type="date"
        value={state.from}
        max={state.to || undefined}
        onChange={(event) => onChange({ from: event.target.value })}
      />
      <TextField
        label={t("accesses.to")}
        type="date"
        value={state.to}
        min={state.from || undefined}
        onChange={(event) => onChange({ to: event.target.value })}
      />
    </div>
  );
}

function AccessRow({ access }: { access: Access }) {
  const { t } = useLanguage();
  return (
    <li className="border-b border-line px-5 py-3 last:border-0 md:grid md:grid-cols-[11rem_minmax(0,1fr)_minmax(0,2.2fr)_8rem] md:items-center md:gap-4">
      <p className="text-sm text-soft tabular-nums">{formatDateTime(access.occurredAt, clinic.timezone)}</p>
      <p className="font-medium wrap-anywhere">{access.actorName}</p>
      <p className="wrap-anywhere">
        <span className="text-soft">{t(`accesses.what.${access.what}`)}: </span>
        <Link
          to="/patients/$patientId"
          params={{ patientId: access.patientId }}
          className="text-accent-text underline underline-offset-4"
        >
          {access.patientName ?? t("patient.erased")}
        </Link>{" "}
        {access.patientNumber && (
          <span className="text-sm whitespace-nowrap text-soft">
            {t("patient.number", { number: access.patientNumber })}
          </span>
        )}
      </p>
      <p className="truncate text-sm text-soft" title={access.userAgent ?? undefined}>
        {access.ip}
      </p>
    </li>
  );
}
