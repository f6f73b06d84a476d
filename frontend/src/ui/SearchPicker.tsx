/** Picks one thing by searching for it while typing: an accessible combobox over whatever `search` answers. */
import { Combobox, ComboboxInput, ComboboxOption, ComboboxOptions } from "@headlessui/react";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { IconButton } from "./Button";
import { FieldFrame } from "./Field";
import { useDebounced } from "./useDebounced";

export interface Pick {
  id: string;
  label: string;
  /** What tells two people of one name apart. */
  detail?: string;
}

interface SearchPickerProps {
  label: string;
  value: Pick | null;
  onChange: (value: Pick | null) => void;
  searchKey: string;
  search: (text: string, signal: AbortSignal) => Promise<Pick[]>;
  texts: { placeholder: string; nothing: string; clear: string };
  error?: string | undefined;
  below?: ReactNode;
  /** Takes the focus while nobody is picked yet. */
  isFirst?: boolean;
}

export function SearchPicker({
  label,
  value,
  onChange,
  searchKey,
  search,
  texts,
  error,
  below,
  isFirst = false,
}: SearchPickerProps) {
  const [typed, setTyped] = useState("");
  const sought = useDebounced(typed.trim(), 200);
  const found = useQuery({
    queryKey: [searchKey, "pick", sought],
    queryFn: ({ signal }) => search(sought, signal),
    enabled: sought !== "",
  });
  // Only the answer to what is typed can be chosen: Enter must never take somebody else.
  const isAnswered = sought !== "" && sought === typed.trim() && found.isSuccess;
  const options = isAnswered ? found.data : [];
  const nothing = isAnswered && options.length === 0;
  return (
    <div>
      <FieldFrame label={label} error={error}>
        {(control) => (
          <Combobox value={value} by="id" onChange={onChange} onClose={() => setTyped("")}>
            <div className="relative">
              <ComboboxInput
                {...control}
                autoFocus={isFirst && value === null}
                className="field h-11 pr-11"
                autoComplete="off"
                placeholder={texts.placeholder}
                displayValue={(pick: Pick | null) => pick?.label ?? ""}
                onChange={(event) => setTyped(event.target.value)}
                onKeyDown={(event) => {
                  if (event.key === "Enter" && typed.trim() !== "" && !isAnswered) event.preventDefault();
                }}
              />
              {value && (
                <IconButton
                  label={texts.clear}
                  className="absolute inset-y-0 right-0"
                  onClick={() => onChange(null)}
                >
                  <X aria-hidden className="size-4" />
                </IconButton>
              )}
            </div>
            <ComboboxOptions
              modal={false}
              anchor={{ to: "bottom start", gap: 4 }}
              className="z-50 max-h-72 w-(--input-width) overflow-y-auto rounded-field border border-line bg-raised py-1 shadow-float empty:invisible"
            >
              {options.map((option) => (
                <ComboboxOption
                  key={option.id}
                  value={option}
                  className="min-h-11 cursor-pointer px-3 py-2 data-focus:bg-accent-soft"
                >
                  <span className="block font-medium">{option.label}</span>
                  {option.detail && <span className="block text-sm text-soft">{option.detail}</span>}
                </ComboboxOption>
              ))}
              {nothing && <p className="px-3 py-2 text-soft">{texts.nothing}</p>}
            </ComboboxOptions>
          </Combobox>
        )}
      </FieldFrame>
      {below}
    </div>
  );
}
