/** Customers as a picker offers them. */
import { listCustomers } from "@/api/billing";
import type { Pick } from "@/ui/SearchPicker";

export async function findCustomers(search: string, signal: AbortSignal): Promise<Pick[]> {
  const { member } = await listCustomers({ search, itemsPerPage: 8 }, signal);
  return member.map(({ id, fullName, taxId }) => ({ id, label: fullName, detail: taxId }));
}
