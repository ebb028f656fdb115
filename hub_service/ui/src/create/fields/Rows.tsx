/** Rows of a list that grow and shrink; focus goes to the new row, or to the button that adds one. */
import { useRef, type ReactNode } from "react";
import { useFieldArray, type FieldArray } from "react-hook-form";

import { texts } from "../../texts";
import { Icon } from "../../ui/Icon";
import type { FormValues } from "../values";
import { GroupBox, useFieldIds } from "./Field";

type ListName = "ports" | "extra_drives" | "env";

interface RowsProps<List extends ListName> {
  name: List;
  legend: string;
  help: string;
  reason: string | undefined;
  add: string;
  remove: (n: number) => string;
  empty: FieldArray<FormValues, List>;
  row: (place: number) => ReactNode;
}

export function Rows<List extends ListName>(props: RowsProps<List>) {
  const { name, legend, help, reason, add, remove, empty, row } = props;
  const { fields, append, remove: drop } = useFieldArray<FormValues, List>({ name });
  const state = useFieldIds(name as ListName);
  const adder = useRef<HTMLButtonElement>(null);
  return (
    <GroupBox field={name} legend={legend} help={help} reason={reason} state={state}>
      {fields.map((field, place) => (
        <div key={field.id} className="form-row">
          {row(place)}
          <button
            type="button"
            className="btn btn-icon"
            aria-label={remove(place + 1)}
            title={remove(place + 1)}
            onClick={() => {
              drop(place);
              adder.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button
        ref={adder}
        type="button"
        className="btn btn-sm btn-outline-secondary"
        onClick={() => {
          append(empty);
        }}
      >
        <Icon name="plus" /> {add}
      </button>
    </GroupBox>
  );
}

/** Why nothing can be chosen from a list of offers; undefined if something can. */
export function emptyReason(
  items: unknown[] | undefined,
  error: Error | null,
  none: string,
): string | undefined {
  if (items === undefined) return error ? texts.form.notLoaded : texts.form.loading;
  return items.length === 0 ? none : undefined;
}
