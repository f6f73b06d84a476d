/** The patient form's fields in their sections; errors and warnings stand at their fields. */
import type { ReactNode } from "react";
import { type UseFormReturn, useWatch } from "react-hook-form";
import { clinic } from "@/api/clinic";
import { toWallTime } from "@/i18n/clinicTime";
import { errorText } from "@/i18n/errorText";
import { useLanguage } from "@/i18n/language";
import { Checkbox, Select, TextArea, TextField } from "@/ui/Field";
import { hasWrongCheck } from "@/ui/taxId";
import { CLINICAL_FIELDS, type PatientField } from "./patientFields";
import type { PatientForm } from "./patientForm";

interface PatientSectionsProps {
  form: UseFormReturn<PatientForm>;
  mayEditClinical: boolean;
}

export function PatientSections({ form, mayEditClinical }: PatientSectionsProps) {
  const { t } = useLanguage();
  const taxId = useWatch({ control: form.control, name: "taxId" });
  const bind = (name: PatientField) => ({
    ...form.register(name),
    label: t(`patient.${name}`),
    error: errorText(form.formState.errors[name], t),
  });
  return (
    <div className="grid gap-5">
      <Section heading={t("patient.section.person")}>
        <TextField {...bind("firstName")} required autoComplete="off" />
        <TextField {...bind("lastName")} required autoComplete="off" />
        <TextField {...bind("dateOfBirth")} type="date" max={toWallTime(new Date(), clinic.timezone).date} />
        <TextField
          {...bind("taxId")}
          autoComplete="off"
          spellCheck={false}
          hint={t("patient.taxId.hint")}
          warning={hasWrongCheck(taxId) ? t("patient.taxIdWarning.field") : undefined}
        />
      </Section>
      <Section heading={t("patient.section.contact")}>
        <TextField {...bind("phone")} type="tel" autoComplete="off" />
        <TextField {...bind("email")} type="email" autoComplete="off" />
        <TextField {...bind("address")} autoComplete="off" className="md:col-span-2" />
        <Reminding form={form} />
      </Section>
      <Section heading={t("patient.section.more")}>
        <TextField {...bind("profession")} autoComplete="off" />
        <TextField {...bind("sportsActivity")} autoComplete="off" />
        <TextField {...bind("rate")} inputMode="decimal" hint={clinic.currency} autoComplete="off" />
        <TextArea {...bind("notes")} className="md:col-span-2" />
      </Section>
      {mayEditClinical && (
        <Section heading={t("patient.section.clinical")} text={t("patient.section.clinical.text")}>
          {CLINICAL_FIELDS.map((name) => (
            <TextArea key={name} {...bind(name)} rows={2} />
          ))}
        </Section>
      )}
    </div>
  );
}

/** Asked for by the patient, who is written to in the language chosen here. */
function Reminding({ form }: { form: UseFormReturn<PatientForm> }) {
  const { t } = useLanguage();
  const [wanted, email] = useWatch({ control: form.control, name: ["emailReminders", "email"] });
  return (
    <>
      <div>
        <Checkbox {...form.register("emailReminders")} label={t("patient.emailReminders")} />
        <p className="text-sm text-soft">
          {t(
            wanted && email.trim() === "" ? "patient.emailReminders.noEmail" : "patient.emailReminders.hint",
          )}
        </p>
      </div>
      <Select
        {...form.register("language")}
        label={t("patient.language")}
        error={errorText(form.formState.errors.language, t)}
      >
        <option value="">{t("patient.language.clinic")}</option>
        <option value="es" lang="es">
          Español
        </option>
        <option value="en" lang="en">
          English
        </option>
      </Select>
    </>
  );
}

function Section({ heading, text, children }: { heading: string; text?: string; children: ReactNode }) {
  return (
    <fieldset className="card min-w-0 p-5 md:p-6">
      <legend className="float-left mb-4 w-full">
        <h2 className="text-base font-semibold">{heading}</h2>
        {text && <p className="text-sm text-soft">{text}</p>}
      </legend>
      <div className="clear-both grid gap-x-5 gap-y-4 md:grid-cols-2">{children}</div>
    </fieldset>
  );
}
