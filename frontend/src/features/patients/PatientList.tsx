/** The registry: search as you type, filters, keys for the desk, and back to where one was. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { SearchX, UserPlus, Users } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useMe } from "@/api/me";
import type { PatientsQuery } from "@/api/patients";
import { failureOf } from "@/api/problemText";
import { formatNumber } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { Button, buttonLook } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { BeyondTheEnd, Pages, SearchBox } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { EmptyState, SkeletonRows } from "@/ui/surface";
import { rowLinks, useRowKeys } from "@/ui/useRowKeys";
import { useSearchText } from "@/ui/useSearchText";
import { useSlashFocus } from "@/ui/useSlashFocus";
import { leaveList, leftRow } from "./leftList";
import { FuzzyToggle, PatientFilters } from "./PatientFilters";
import { PatientRows } from "./PatientRows";
import { patientsQuery } from "./queries";
import { useFuzzy } from "./useFuzzy";

export interface PatientListState {
  search: string;
  status: "all" | "active" | "inactive" | "erased";
  order: "latest" | "alpha";
  page: number;
}

interface PatientListProps {
  state: PatientListState;
  onChange: (change: Partial<PatientListState>) => void;
}

/** With a search the best matches come first, whatever the order without one. */
const queryOf = ({ search, status, order, page }: PatientListState, fuzzy: boolean): PatientsQuery => ({
  ...(search ? { search, fuzzy } : { order }),
  status,
  page,
});

export function PatientList({ state, onChange }: PatientListProps) {
  const { t } = useLanguage();
  const me = useMe();
  const navigate = useNavigate();
  const { typed, type, isPassedOn } = useSearchText(state.search, (search) => onChange({ search, page: 1 }));
  const [fuzzy, chooseFuzzy] = useFuzzy(me.id);
  const searchBox = useRef<HTMLInputElement>(null);
  const rows = useRef<HTMLUListElement>(null);
  const patients = useQuery(patientsQuery(queryOf(state, fuzzy)));
  useSlashFocus(searchBox);

  const found = patients.data?.member ?? [];
  const isAnswered = isPassedOn && !patients.isPlaceholderData;
  useReturnToRow(rows, leftRow(me.id, state), found.length > 0);

  const leaveFor = (row: string) => leaveList({ userId: me.id, state, row });
  const change = (part: Partial<PatientListState>) => onChange({ ...part, page: 1 });
  const clear = () => change({ search: "", status: "all" });
  const switchFuzzy = (wanted: boolean) => {
    chooseFuzzy(wanted);
    if (state.page > 1) change({});
  };

  const moveFocus = useRowKeys(searchBox, rows);

  const openFirst = (event: KeyboardEvent) => {
    const [first] = found;
    if (event.key !== "Enter" || !isAnswered || state.search === "" || !first) return;
    event.preventDefault();
    leaveFor(first.id);
    navigate({ to: "/patients/$patientId", params: { patientId: first.id } });
  };

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
        <div className="mb-4 grid grid-cols-2 items-center gap-3 md:grid-cols-[minmax(0,1fr)_13rem]">
          <SearchBox
            ref={searchBox}
            label={t("patients.search")}
            className="max-md:col-span-2"
            value={typed}
            onChange={(event) => type(event.target.value)}
            onKeyDown={openFirst}
            aria-keyshortcuts="/"
          />
          <FuzzyToggle isOn={fuzzy} onSwitch={switchFuzzy} />
          <PatientFilters state={state} onChange={change} />
        </div>
        {patients.isError && !patients.data && (
          <FailureNotice urgent failure={failureOf(patients.error)} onRetry={patients.refetch} />
        )}
        {patients.isPending && (
          <div className="card">
            <SkeletonRows rows={8} />
          </div>
        )}
        {patients.data && (
          <div className={classes("card overflow-hidden transition-opacity", !isAnswered && "opacity-60")}>
            {found.length > 0 && (
              <PatientRows ref={rows} patients={found} isBusy={!isAnswered} onOpen={leaveFor} />
            )}
            {found.length === 0 && state.page > 1 && <BeyondTheEnd onFirst={() => change({})} />}
            {found.length === 0 && state.page === 1 && (
              <NoPatients
                state={state}
                onClear={clear}
                onTryFuzzy={state.search && !fuzzy ? () => switchFuzzy(true) : null}
              />
            )}
          </div>
        )}
      </div>
      {patients.data && found.length > 0 && (
        <Pages
          page={state.page}
          hasNext={Boolean(patients.data.view.next)}
          onPage={(page) => {
            onChange({ page });
            window.scrollTo({ top: 0 });
          }}
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

/** Coming back, the row that was opened is the selected one, in sight. */
function useReturnToRow(
  rows: React.RefObject<HTMLElement | null>,
  row: string | null,
  areRowsShown: boolean,
): void {
  const wanted = useRef(row);
  useEffect(() => {
    if (!areRowsShown || !wanted.current) return;
    const link = rowLinks(rows.current).find(({ dataset }) => dataset.row === wanted.current);
    wanted.current = null;
    requestAnimationFrame(() => link?.focus()); // after the router has put the page where it was
  }, [rows, areRowsShown]);
}

interface NoPatientsProps {
  state: PatientListState;
  onClear: () => void;
  /** Null when typing errors were forgiven already. */
  onTryFuzzy: (() => void) | null;
}

function NoPatients({ state, onClear, onTryFuzzy }: NoPatientsProps) {
  const { t } = useLanguage();
  if (state.search === "" && state.status === "all") {
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
  return (
    <EmptyState
      icon={<SearchX />}
      heading={t("patients.nothingFound")}
      text={t(onTryFuzzy ? "patients.nothingFound.fuzzy" : "patients.nothingFound.text")}
      action={
        <div className="flex flex-wrap justify-center gap-3">
          {onTryFuzzy && (
            <Button look="primary" onClick={onTryFuzzy}>
              {t("patients.nothingFound.tryFuzzy")}
            </Button>
          )}
          <Button onClick={onClear}>{t("list.clear")}</Button>
        </div>
      }
    />
  );
}
