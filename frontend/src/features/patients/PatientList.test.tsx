/** The desk's list: found while typing, walked with the keys, honest when there is nothing. */
import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { renderScreen } from "../../../test/render";
import { collection, server, summary } from "../../../test/server";
import { PatientList, type PatientListState } from "./PatientList";

const PEOPLE = [summary(1, "María José Muñoz García"), summary(2, "José Núñez"), summary(3, "Lucía Ortega")];
let asked: (string | null)[];

function List() {
  const [state, setState] = useState<PatientListState>({
    search: "",
    status: "all",
    order: "latest",
    page: 1,
  });
  return (
    <PatientList state={state} onChange={(change) => setState((previous) => ({ ...previous, ...change }))} />
  );
}

beforeEach(() => {
  asked = [];
  server.use(
    http.get("/api/patients", ({ request }) => {
      const search = new URL(request.url).searchParams.get("search");
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
