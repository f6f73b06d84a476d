/** Money and dates as each language writes them, whatever the browser's own zone (the tests run in New York's). */
import { beforeEach, expect, test } from "vitest";
import { formatDate, formatDay, formatLongDate, formatMoney, formatTimeRange } from "./format";
import { speak } from "./language";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

beforeEach(() => {
  expect(new Date("2026-01-01T00:00:00Z").getTimezoneOffset()).toBe(300);
});

test("money is written in the language's way", () => {
  speak("en", {});
  expect(plain(formatMoney("1234.50", "EUR"))).toBe("€1,234.50");
  speak("es", {});
  expect(plain(formatMoney("1234.50", "EUR"))).toBe("1.234,50 €");
});

test("money beyond a float's precision keeps its cents", () => {
  speak("en", {});
  expect(plain(formatMoney("90071992547409.93", "EUR"))).toBe("€90,071,992,547,409.93");
});

test("a date without a time is the same day in every zone", () => {
  speak("es", {});
  expect(formatDate("2026-11-23")).toBe("23 nov 2026");
  expect(formatLongDate("2026-11-23")).toBe("lunes, 23 de noviembre");
  speak("en", {});
  expect(formatDate("2026-11-23")).toBe("23 Nov 2026");
});

test("an instant is shown at the clinic's wall", () => {
  speak("es", {});
  expect(formatTimeRange("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", "Europe/Madrid")).toBe(
    "10:00–11:00",
  );
  expect(formatDay("2026-11-22T23:30:00Z", "Europe/Madrid")).toBe("lun, 23 nov");
});
