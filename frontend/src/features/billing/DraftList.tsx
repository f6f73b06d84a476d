/** Invoices begun and not yet issued: they have no number and may be incomplete. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FilePen, FilePlus2, Trash2 } from "lucide-react";
import { deleteDraft, keepDraft, readDraft } from "@/api/billing";
import { clinic } from "@/api/clinic";
import { newIdempotencyKey } from "@/api/headers";
import { failureOf, problemText } from "@/api/problemText";
import type { DraftInput, DraftSummary, InvoiceDraft } from "@/api/types";
import { formatDateTime, formatMoney } from "@/i18n/format";
import { useLanguage } from "@/i18n/language";
import { buttonLook, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { FailureNotice } from "@/ui/FailureNotice";
import { BeyondTheEnd, Pages } from "@/ui/ListControls";
import { Page } from "@/ui/Page";
import { EmptyState, SkeletonRows } from "@/ui/surface";
import { saidProblem, saidWithUndo } from "@/ui/toast";
import { BillingTabs } from "./BillingTabs";
import { draftsQuery } from "./queries";

interface DraftListProps {
  page: number;
  onPage: (page: number) => void;
}

export function DraftList({ page, onPage }: DraftListProps) {
  const { t } = useLanguage();
  const drafts = useQuery(draftsQuery(page));
  const found = drafts.data?.member ?? [];
  const discard = useDiscard();
  const newInvoice = (
    <Link to="/invoices/new" className={buttonLook("primary", "max-md:flex-1")}>
      <FilePlus2 aria-hidden className="size-5" />
      {t("invoices.new")}
    </Link>
  );
  return (
    <Page heading={t("drafts.heading")} actions={newInvoice}>
      <BillingTabs />
      {drafts.isError && !drafts.data && (
        <FailureNotice urgent failure={failureOf(drafts.error)} onRetry={drafts.refetch} />
      )}
      {drafts.isPending && (
        <div className="card">
          <SkeletonRows rows={4} />
        </div>
      )}
      {drafts.data && (
        <div
          className={classes(
            "card overflow-hidden transition-opacity",
            drafts.isPlaceholderData && "opacity-60",
          )}
        >
          {found.length > 0 && (
            <ul aria-label={t("drafts.heading")}>
              {found.map((draft) => (
                <DraftRow key={draft.id} draft={draft} onDiscard={() => discard.mutate(draft)} />
              ))}
            </ul>
          )}
          {found.length === 0 && page > 1 && <BeyondTheEnd onFirst={() => onPage(1)} />}
          {found.length === 0 && page === 1 && (
            <EmptyState
              icon={<FilePen />}
              heading={t("drafts.empty")}
              text={t("drafts.empty.text")}
              action={newInvoice}
            />
          )}
        </div>
      )}
      {drafts.data && found.length > 0 && (
        <Pages
          page={page}
          hasNext={Boolean(drafts.data.view.next)}
          onPage={onPage}
          texts={{
            navigation: t("list.pages"),
            previous: t("list.previous"),
            next: t("list.next"),
            summary: t("drafts.count", { count: drafts.data.totalItems }),
          }}
        />
      )}
    </Page>
  );
}

function DraftRow({ draft, onDiscard }: { draft: DraftSummary; onDiscard: () => void }) {
  const { t } = useLanguage();
  const changed = formatDateTime(draft.updatedAt, clinic.timezone);
  return (
    <li className="relative flex items-center gap-4 border-b border-line py-2 pr-3 pl-5 transition-colors last:border-0 focus-within:bg-accent-soft hover:bg-sunken/60">
      <div className="min-w-0 flex-1">
        <Link
          to="/invoices/drafts/$draftId"
          params={{ draftId: draft.id }}
          className={classes(
            "font-medium wrap-anywhere after:absolute after:inset-0",
            !draft.fullName && "text-soft",
          )}
        >
          {draft.fullName || t("drafts.nameless")}
        </Link>
        <p className="text-sm text-soft">{t("drafts.changed", { time: changed })}</p>
      </div>
      <span className="font-semibold tabular-nums">{formatMoney(draft.amount, draft.currency)}</span>
      <IconButton
        label={t("drafts.discard.of", { time: changed })}
        className="relative z-10"
        onClick={onDiscard}
      >
        <Trash2 aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}

function asWritten({
  id,
  currency,
  amount,
  version,
  createdAt,
  updatedAt,
  ...draft
}: InvoiceDraft): DraftInput {
  return { ...draft, lines: draft.lines.map(({ amount: _, ...line }) => line) };
}

/** A discarded draft can be brought back: it is written again as it was. */
function useDiscard() {
  const { t } = useLanguage();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["invoices", "drafts"] });
  const onError = (error: unknown) => saidProblem(problemText(error));
  const restore = useMutation({
    mutationFn: (draft: InvoiceDraft) => keepDraft(asWritten(draft), newIdempotencyKey()),
    onSuccess: refresh,
    onError,
  });
  return useMutation({
    mutationFn: async ({ id }: DraftSummary) => {
      const draft = await readDraft(id);
      await deleteDraft(id, draft.version);
      return draft;
    },
    onSuccess: (draft) => {
      saidWithUndo(t("drafts.discarded"), t("action.undo"), () => restore.mutate(draft));
      return refresh();
    },
    onError,
  });
}
