/** The desk's list: found while typing, walked with the keys, honest when there is nothing. */
import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { ADMIN, collection, RECEPTIONIST, server, summary } from "../../../test/server";
import { PatientList, type PatientListState } from "./PatientList";

const PEOPLE = [summary(1, "María José Muñoz García"), summary(2, "José Núñez"), summary(3, "Lucía Ortega")];
let asked: (string | null)[];
let queries: URLSearchParams[];

function List({ page = 1 }: { page?: number }) {
  const [state, setState] = useState<PatientListState>({
    search: "",
    status: "all",
    order: "latest",
    page,
  });
  return (
    <PatientList state={state} onChange={(change) => setState((previous) => ({ ...previous, ...change }))} />
  );
}

beforeEach(() => {
  asked = [];
  queries = [];
  server.use(
    http.get("/api/patients", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const search = query.get("search");
      queries.push(query);
      asked.push(search);
      const first = search?.split(" ")[0] ?? "";
      const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
      return HttpResponse.json(collection(PEOPLE.filter(({ fullName }) => fold(fullName).includes(first))));
    }),
  );
});

test("typing asks once, after a pause, with what was typed", async () => {
  const { user } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  await user.type(screen.getByRole("searchbox"), "munoz maria");
  await waitFor(() => expect(screen.queryByRole("link", { name: "Lucía Ortega" })).not.toBeInTheDocument());
  expect(screen.getByRole("link", { name: "María José Muñoz García" })).toBeInTheDocument();
  expect(asked).toEqual([null, "munoz maria"]);
});

test("slash goes to the search box and arrows walk between it and the rows", async () => {
  const { user } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  await user.keyboard("/");
  expect(screen.getByRole("searchbox")).toHaveFocus();
  expect(screen.getByRole("searchbox")).toHaveValue("");
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("link", { name: "María José Muñoz García" })).toHaveFocus();
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("link", { name: "José Núñez" })).toHaveFocus();
  await user.keyboard("{ArrowUp}{ArrowUp}");
  expect(screen.getByRole("searchbox")).toHaveFocus();
});

test("Enter on a row opens it", async () => {
  const { user, router } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  await user.keyboard("/{ArrowDown}{ArrowDown}{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/patients/${PEOPLE[1]?.id}`));
});

test("Enter in the search box opens the best match, once the answer is for what is typed", async () => {
  const { user, router } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  await user.type(screen.getByRole("searchbox"), "lucia{Enter}");
  expect(router.state.location.pathname).toBe("/");
  await waitFor(() => expect(screen.getAllByRole("link", { name: /Lucía|José/ })).toHaveLength(1));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(router.state.location.pathname).toBe(`/patients/${PEOPLE[2]?.id}`));
});

test("finding nothing is not having nothing", async () => {
  const { user } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  await user.type(screen.getByRole("searchbox"), "zzz");
  expect(await screen.findByText("No patients found")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear search and filters" }));
  expect(await screen.findByRole("link", { name: "Lucía Ortega" })).toBeInTheDocument();
  expect(screen.getByRole("searchbox")).toHaveValue("");
});

test("an empty registry offers to register the first patient", async () => {
  server.use(http.get("/api/patients", () => HttpResponse.json(collection([]))));
  await renderScreen(<List />);
  expect(await screen.findByText("No patients yet")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Register the first patient" })).toBeInTheDocument();
});

test("when nothing is found, one click searches with typos too, and that habit is this person's", async () => {
  const first = await renderScreen(<List />);
  await first.user.type(screen.getByRole("searchbox"), "zzz");
  await first.user.click(await screen.findByRole("button", { name: "Search allowing typos" }));
  await waitFor(() => expect(queries.at(-1)?.get("fuzzy")).toBe("true"));
  expect(screen.getByRole("button", { name: "Typos too" })).toHaveAttribute("aria-pressed", "true");
  await waitFor(() =>
    expect(screen.queryByRole("button", { name: "Search allowing typos" })).not.toBeInTheDocument(),
  );
  document.body.replaceChildren();

  await renderScreen(<List />, { ...ADMIN, id: "0193a1b2-0000-7000-8000-000000000002" });
  expect(screen.getByRole("button", { name: "Typos too" })).toHaveAttribute("aria-pressed", "false");
  document.body.replaceChildren();
  await renderScreen(<List />);
  expect(screen.getByRole("button", { name: "Typos too" })).toHaveAttribute("aria-pressed", "true");
});

test("a search says that the best match comes first and asks for no order", async () => {
  const { user } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  await user.click(screen.getByRole("button", { name: "A to Z" }));
  await waitFor(() => expect(queries.at(-1)?.get("order")).toBe("alpha"));
  await user.type(screen.getByRole("searchbox"), "lucia");
  expect(await screen.findByText("Best match first")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "A to Z" })).not.toBeInTheDocument();
  await waitFor(() => expect(queries.at(-1)?.get("search")).toBe("lucia"));
  expect(queries.at(-1)?.has("order")).toBe(false);
});

test("only an admin is offered the erased", async () => {
  await renderScreen(<List />, RECEPTIONIST);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  expect(screen.queryByRole("button", { name: "Erased" })).not.toBeInTheDocument();
  document.body.replaceChildren();
  const { user } = await renderScreen(<List />);
  await user.click(await screen.findByRole("button", { name: "Erased" }));
  await waitFor(() => expect(queries.at(-1)?.get("status")).toBe("erased"));
});

test("a page beyond the end is not an empty registry, and leads back", async () => {
  server.use(
    http.get("/api/patients", ({ request }) =>
      HttpResponse.json(collection(new URL(request.url).searchParams.get("page") === "9" ? [] : PEOPLE)),
    ),
  );
  const { user } = await renderScreen(<List page={9} />);
  expect(await screen.findByText("This page is beyond the end of the list")).toBeInTheDocument();
  expect(screen.queryByText("No patients yet")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Go to the first page" }));
  expect(await screen.findByRole("link", { name: "Lucía Ortega" })).toBeInTheDocument();
});

test("a total that was not counted to its end says so", async () => {
  const many = { ...collection(PEOPLE), totalItems: 10_000, totalItemsExact: false };
  server.use(http.get("/api/patients", () => HttpResponse.json(many)));
  await renderScreen(<List />);
  expect(await screen.findByText("More than 10,000 patients")).toBeInTheDocument();
});

test("who comes back finds the row that was opened selected", async () => {
  const { user, router } = await renderScreen(<List />);
  await screen.findByRole("link", { name: "Lucía Ortega" });
  await user.click(screen.getByRole("link", { name: "José Núñez" }));
  await screen.findByText("another screen");
  router.history.back();
  await waitFor(() => expect(screen.getByRole("link", { name: "José Núñez" })).toHaveFocus());
});
