/** What the clinic configured, as the gateway wrote it in the page; the defaults serve a page that brings none. */
import type { Locale } from "@/i18n/language";

export interface ClinicSettings {
  title: string;
  /** The lines at the head of printed pages; the first is the clinic's name. */
  letterhead: string[];
  /** Empty when the clinic gives none. */
  phone: string;
  defaultLocale: Locale;
  timezone: string;
  currency: string;
  invoicePrefix: string;
  accentColour: string;
  maxAppointmentHours: number;
  calendar: {
    /** 0 = Sunday */
    firstDay: number;
    slotMinutes: number;
    defaultMinutes: number;
    /** HH:MM */
    scrollTime: string;
    narrowSaturday: boolean;
    narrowSunday: boolean;
    /** Of a weekday's width, for narrow columns. */
    weekendWidthPercent: number;
    colours: { gap: string; appointment: string; other: string };
  };
}

const DEFAULTS: ClinicSettings = {
  title: "Clinic",
  letterhead: ["Clinic"],
  phone: "",
  defaultLocale: "es",
  timezone: "Europe/Madrid",
  currency: "EUR",
  invoicePrefix: "F",
  accentColour: "#0f766e",
  maxAppointmentHours: 10,
  calendar: {
    firstDay: 1,
    slotMinutes: 30,
    defaultMinutes: 60,
    scrollTime: "08:00",
    narrowSaturday: true,
    narrowSunday: true,
    weekendWidthPercent: 50,
    colours: { gap: "#f3e5c8", appointment: "#8a5a3c", other: "#6b7132" },
  },
};

export function readClinicSettings(json: string): ClinicSettings {
  const given: Partial<ClinicSettings> = JSON.parse(json || "{}");
  return { ...DEFAULTS, ...given, calendar: { ...DEFAULTS.calendar, ...given.calendar } };
}

export const clinic = readClinicSettings(document.getElementById("clinic-settings")?.textContent ?? "");
