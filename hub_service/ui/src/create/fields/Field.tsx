/** A labelled field with its help and its message, tied together for screen readers. */
import { use, useId, type ReactNode } from "react";
import { useFormContext, useFormState, type FieldPath } from "react-hook-form";

import type { Check } from "../../api/types";
import { texts } from "../../texts";
import { Icon } from "../../ui/Icon";
import { Text } from "../../ui/Text";
import { visible } from "../../ui/visible";
import { CheckedContext, FixContext, OverriddenContext } from "../checked";
import { ownMessage } from "../own-errors";
import type { FormValues } from "../values";

export interface FieldIds {
  id: string;
  describedBy: string;
  isWrong: boolean;
}

export interface FieldState extends FieldIds {
  message: string | undefined;
  /** The service's check behind the message, with what it offers. */
  check: Check | undefined;
}

/** The ids of a field, its help and its message. Only news of this field draw it anew. */
export function useFieldIds(name: FieldPath<FormValues>): FieldState {
  const id = useId();
  const { control } = useFormContext<FormValues>();
  const state = useFormState({ control, name, exact: true });
  const checked = use(CheckedContext)[name];
  const own = ownMessage(state, name);
  const message = own ?? checked?.message;
  const check = own === undefined ? checked : undefined;
  const describedBy = `${id}-help ${id}-message`;
  return { id, describedBy, isWrong: message !== undefined, message, check };
}

interface MessageProps {
  id: string;
  message: string | undefined;
  check?: Check | undefined;
}

export function Message({ id, message, check }: MessageProps) {
  return (
    <>
      <div id={`${id}-message`} className="field-message">
        {message && (
          <>
            <Icon name="warn" /> <Text>{message}</Text>
          </>
        )}
      </div>
      {check && <Fixes check={check} />}
    </>
  );
}

/** What a check offers to change, a button each. */
export function Fixes({ check }: { check: Check }) {
  const fix = use(FixContext);
  return check.fixes?.map(({ label, changes }) => (
    <button
      key={label}
      type="button"
      className="btn btn-sm btn-outline-secondary mt-1 me-1"
      onClick={() => {
        fix(check, changes);
      }}
    >
      <Text>{label}</Text>
    </button>
  ));
}

/** Says where YAML of one's own wins over the form. `field` is the request's. */
export function ByYaml({ field }: { field: string }) {
  const overridden = use(OverriddenContext);
  if (!overridden.some((each) => each === field || each.startsWith(`${field}.`))) return null;
  return (
    <small className="badge bg-secondary-subtle text-secondary-emphasis ms-2">
      {texts.form.byYaml}
    </small>
  );
}

/** A star for those who see it; a screen reader says "required". */
export function Required() {
  return <span aria-hidden="true"> *</span>;
}

interface GroupProps {
  legend: string;
  help?: string;
  message: string | undefined;
  check?: Check | undefined;
  ids: FieldIds;
  children: ReactNode;
}

/** A set of radios: a `radiogroup` with its legend as name. */
export function RadioGroup({ legend, help, message, check, ids, children }: GroupProps) {
  return (
    <div
      role="radiogroup"
      aria-labelledby={`${ids.id}-legend`}
      aria-describedby={ids.describedBy}
      aria-required="true"
      aria-invalid={ids.isWrong}
      className="field"
    >
      <div id={`${ids.id}-legend`} className="form-label">
        {legend}
        <Required />
      </div>
      {children}
      {help && (
        <div id={`${ids.id}-help`} className="form-text">
          {help}
        </div>
      )}
      <Message id={ids.id} message={message} check={check} />
    </div>
  );
}

interface GroupBoxProps {
  /** The request's field. */
  field: string;
  legend: string;
  help?: string | undefined;
  /** Why it cannot be used; then everything in it is disabled. */
  reason?: string | undefined;
  state: FieldState;
  children?: ReactNode;
}

/** Several controls that are one choice, such as rows: a `group` with its legend as name. */
export function GroupBox({ field, legend, help, reason, state, children }: GroupBoxProps) {
  return (
    <fieldset
      className="field"
      data-wrong={state.isWrong}
      disabled={reason !== undefined}
      aria-describedby={state.describedBy}
    >
      <legend className="form-label fs-6">
        {legend}
        <ByYaml field={field} />
      </legend>
      {children}
      <div id={`${state.id}-help`} className="form-text">
        {visible(reason ?? help ?? "")}
      </div>
      <Message id={state.id} message={state.message} check={state.check} />
    </fieldset>
  );
}
