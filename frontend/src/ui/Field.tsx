/** Form fields: a label, the control, a hint and the error where it belongs. */
import { TriangleAlert } from "lucide-react";
import {
  type ComponentProps,
  forwardRef,
  type InputHTMLAttributes,
  type ReactElement,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { classes } from "./classes";

interface FieldTexts {
  label: string;
  error?: string | undefined;
  hint?: string | undefined;
  /** Said at the field, but nothing is refused for it. */
  warning?: string | undefined;
  className?: string | undefined;
  hideLabel?: boolean | undefined;
}

interface FrameProps extends FieldTexts {
  required?: boolean | undefined;
  children: (
    control: Pick<ComponentProps<"input">, "id" | "aria-invalid" | "aria-describedby">,
  ) => ReactElement;
}

export function FieldFrame({
  label,
  error,
  hint,
  warning,
  className,
  hideLabel,
  required,
  children,
}: FrameProps) {
  const id = useId();
  const described = [error && `${id}-error`, warning && `${id}-warning`, hint && `${id}-hint`]
    .filter(Boolean)
    .join(" ");
  return (
    <div className={classes("min-w-0", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1.5 block text-sm font-medium"}>
        {label}
        {required && (
          <span aria-hidden className="text-danger">
            {" *"}
          </span>
        )}
      </label>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": described || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-soft">
          {hint}
        </p>
      )}
      {warning && (
        <p id={`${id}-warning`} className="mt-1 flex items-center gap-1.5 text-sm font-medium text-warn">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          {warning}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 text-sm font-medium text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

type InputProps = FieldTexts & InputHTMLAttributes<HTMLInputElement>;

export const TextField = forwardRef<HTMLInputElement, InputProps>(
  ({ label, error, hint, warning, className, hideLabel, required, ...rest }, ref) => (
    <FieldFrame {...{ label, error, hint, warning, className, hideLabel, required }}>
      {(control) => (
        <input ref={ref} type="text" className="field h-11" aria-required={required} {...control} {...rest} />
      )}
    </FieldFrame>
  ),
);

type TextAreaProps = FieldTexts & TextareaHTMLAttributes<HTMLTextAreaElement>;

export const TextArea = forwardRef<HTMLTextAreaElement, TextAreaProps>(
  ({ label, error, hint, warning, className, hideLabel, required, rows = 3, ...rest }, ref) => (
    <FieldFrame {...{ label, error, hint, warning, className, hideLabel, required }}>
      {(control) => (
        <textarea
          ref={ref}
          rows={rows}
          // Grows with what is written, where the browser can.
          style={{ minHeight: `calc(${rows} * 1lh + 1rem + 2px)` }}
          className="field field-sizing-content max-h-[60vh] py-2"
          aria-required={required}
          {...control}
          {...rest}
        />
      )}
    </FieldFrame>
  ),
);

type SelectProps = FieldTexts & SelectHTMLAttributes<HTMLSelectElement>;

export const Select = forwardRef<HTMLSelectElement, SelectProps>(
  ({ label, error, hint, className, hideLabel, required, children, ...rest }, ref) => (
    <FieldFrame {...{ label, error, hint, className, hideLabel, required }}>
      {(control) => (
        <select ref={ref} className="field h-11" aria-required={required} {...control} {...rest}>
          {children}
        </select>
      )}
    </FieldFrame>
  ),
);

type CheckboxProps = { label: string } & InputHTMLAttributes<HTMLInputElement>;

export const Checkbox = forwardRef<HTMLInputElement, CheckboxProps>(({ label, ...rest }, ref) => (
  <label className="flex min-h-11 items-center gap-3">
    <input ref={ref} type="checkbox" className="size-5 accent-accent-text" {...rest} />
    {label}
  </label>
));
