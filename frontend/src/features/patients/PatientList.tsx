/** The registry: search as you type, filters, keys for the desk. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { SearchX, UserPlus, Users } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import type { PatientsQuery } from "@/api/patients";
import { problemText } from "@/api/problemText";
import type { PatientSummary } from "@/api/types";
import { formatDate, formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Choice, Pages, SearchBox } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { Badge, EmptyState, Initials, initialsOf, Notice, SkeletonRows } from "@/ui/surface";
import { useSearchText } from "@/ui/useSearchText";
import { useSlashFocus } from "@/ui/useSlashFocus";
import { patientsQuery } from "./queries";

export interface PatientListState {
  search: string;
  status: "all" | "active" | "inactive";
  order: "latest" | "alpha";
  page: number;
}

interface PatientListProps {
  state: PatientListState;
  onChange: (change: Partial<PatientListState>) => void;
}

const queryOf = ({ search, status, order, page }: PatientListState): PatientsQuery => ({
  ...(search && { search }),
  status,
  order,
  page,
});

export function PatientList({ state, onChange }: PatientListProps) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const { typed, type, isPassedOn } = useSearchText(state.search, (search) => onChange({ search, page: 1 }));
  const searchBox = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLUListElement>(null);
  const patients = useQuery(patientsQuery(queryOf(state)));
  useSlashFocus(searchBox);

  const links = () => [...(rows.current?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? [])];
  const isAnswered = isPassedOn && !patients.isPlaceholderData;

  const moveFocus = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops: HTMLElement[] = [...(searchBox.current ? [searchBox.current] : []), ...links()];
    const next =
      stops[stops.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  const openFirst = (event: KeyboardEvent) => {
    const first = patients.data?.member[0];
    if (event.key !== "Enter" || !isAnswered || state.search === "" || !first) return;
    event.preventDefault();
    navigate({ to: "/patients/$patientId", params: { patientId: first.id } });
  };

  const clear = () => onChange({ search: "", status: "all", page: 1 });
  const isFiltered = state.search !== "" || state.status !== "all";
  return (
    <Page
      heading={t("patients.heading")}
      actions={
        <Link to="/patients/new" className={buttonLook("primary", "max-md:flex-1")}>
          <UserPlus aria-hidden className="size-5" />
          {t("patients.new")}
        </Link>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the search box and the links inside */}
      <div onKeyDown={moveFocus}>
        <div className="mb-4 flex flex-wrap gap-3">
          <SearchBox
            ref={searchBox}
            label={t("patients.search")}
            className="basis-72"
            value={typed}
            onChange={(event) => type(event.target.value)}
            onKeyDown={openFirst}
            aria-keyshortcuts="/"
          />
          <Choice
            label={t("patients.status")}
            value={state.status}
            onChange={(status) => onChange({ status, page: 1 })}
            options={[
              { value: "all", label: t("patients.status.all") },
              { value: "active", label: t("patients.status.active") },
              { value: "inactive", label: t("patients.status.inactive") },
            ]}
          />
          <Choice
            label={t("list.order")}
            value={state.order}
            onChange={(order) => onChange({ order, page: 1 })}
            options={[
              { value: "latest", label: t("patients.order.latest") },
              { value: "alpha", label: t("patients.order.alpha") },
            ]}
          />
        </div>
        {patients.isError && !patients.data && (
          <Notice
            tone="danger"
            urgent
            actions={<Button onClick={() => patients.refetch()}>{t("action.retry")}</Button>}
          >
            {problemText(patients.error)}
          </Notice>
        )}
        {patients.isPending && (
          <div className="card">
            <SkeletonRows rows={8} />
          </div>
        )}
        {patients.data && (
          <div className={classes("card overflow-hidden transition-opacity", !isAnswered && "opacity-60")}>
            {patients.data.member.length === 0 ? (
              <NoPatients isFiltered={isFiltered} onClear={clear} />
            ) : (
              <>
                <RowHeadings />
                <ul ref={rows} aria-label={t("patients.heading")} aria-busy={!isAnswered}>
                  {patients.data.member.map((patient) => (
                    <PatientRow key={patient.id} patient={patient} />
                  ))}
                </ul>
              </>
            )}
          </div>
        )}
      </div>
      {patients.data && patients.data.member.length > 0 && (
        <Pages
          page={state.page}
          hasNext={Boolean(patients.data.view.next)}
          onPage={(page) => onChange({ page })}
          texts={{
            navigation: t("list.pages"),
            previous: t("list.previous"),
            next: t("list.next"),
            summary: patients.data.totalItemsExact
              ? t("patients.count", { count: patients.data.totalItems })
              : t("patients.countOver", { count: formatNumber(patients.data.totalItems) }),
          }}
        />
      )}
    </Page>
  );
}

const COLUMNS =
  "md:grid md:grid-cols-[minmax(0,2.4fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_6rem] md:gap-4";

function RowHeadings() {
  const { t } = useLanguage();
  return (
    <div
      aria-hidden
      className={classes("hidden border-b border-line px-5 py-2.5 text-sm text-soft", COLUMNS)}
    >
      <span>{t("patients.name")}</span>
      <span>{t("patient.phone")}</span>
      <span>{t("patient.taxId")}</span>
      <span>{t("patient.dateOfBirth")}</span>
      <span>{t("patients.status")}</span>
    </div>
  );
}

function PatientRow({ patient }: { patient: PatientSummary }) {
  const { t } = useLanguage();
  return (
    <li
      className={classes(
        "relative border-b border-line px-5 py-3 transition-colors last:border-0 hover:bg-sunken/60",
        "focus-within:bg-accent-soft md:items-center",
        COLUMNS,
      )}
    >
      <div className="flex min-w-0 items-center gap-3">
        <Initials text={initialsOf(patient.fullName)} />
        <div className="min-w-0">
          <Link
            data-row
            to="/patients/$patientId"
            params={{ patientId: patient.id }}
            className="font-medium wrap-anywhere after:absolute after:inset-0"
          >
            {patient.fullName}
          </Link>
          <p className="text-sm text-soft">{t("patient.number", { number: patient.number })}</p>
        </div>
      </div>
      <Cell label={t("patient.phone")} value={patient.phone} />
      <Cell label={t("patient.taxId")} value={patient.taxId} />
      <Cell label={t("patient.dateOfBirth")} value={patient.dateOfBirth && formatDate(patient.dateOfBirth)} />
      <div className="max-md:absolute max-md:top-3 max-md:right-4">
        {patient.status === "inactive" && <Badge>{t("patients.status.inactive")}</Badge>}
        {patient.status === "active" && (
          <span className="max-md:hidden">
            <Badge tone="ok">{t("patients.status.active")}</Badge>
          </span>
        )}
      </div>
    </li>
  );
}

function Cell({ label, value }: { label: string; value: string | null }) {
  if (!value) return <div className="hidden text-soft md:block">–</div>;
  return (
    <div className="wrap-anywhere max-md:ml-12 max-md:text-sm max-md:text-soft">
      <span className="sr-only">{label}: </span>
      {value}
    </div>
  );
}

function NoPatients({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const { t } = useLanguage();
  if (isFiltered) {
    return (
      <EmptyState
        icon={<SearchX />}
        heading={t("patients.nothingFound")}
        text={t("patients.nothingFound.text")}
        action={<Button onClick={onClear}>{t("list.clear")}</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={<Users />}
      heading={t("patients.empty")}
      text={t("patients.empty.text")}
      action={
        <Link to="/patients/new" className={buttonLook("primary")}>
          {t("patients.empty.action")}
        </Link>
      }
    />
  );
}
