/** How long answers are trusted and when a failed read is tried again. */
import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "@/api/problem";

const TRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    // A write that waited for the network would be carried out after the person had given it up.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      staleTime: 5_000,
      retry: (failures, error) => failures < TRIES && !asProblem(error).isDefinite,
    },
  },
});
