/** The environments as cards, those that may not be used last and with the reason. */
import { useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";

import type { Environment } from "../../api/types";
import { environmentSize } from "../../list/words";
import { texts } from "../../texts";
import { Text } from "../../ui/Text";
import { visible } from "../../ui/visible";
import { withChoices } from "../fitting";
import type { FormValues } from "../values";
import { ChoiceFields } from "./ChoiceFields";
import { EnvironmentDetails } from "./EnvironmentDetails";
import { RadioGroup, useFieldIds } from "./Field";

const SEARCH_FROM = 9;

export function EnvironmentField({ environments }: { environments: Environment[] }) {
  const { setValue, getValues, control } = useFormContext<FormValues>();
  const chosen = useWatch({ control, name: "environment" });
  const [search, setSearch] = useState("");
  const { message, check, ...ids } = useFieldIds("environment");
  const wanted = search.trim().toLowerCase();
  const shown = environments
    .filter(({ title, name }) => `${title} ${name}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => Number(isClosed(a)) - Number(isClosed(b)));
  const choose = (environment: Environment) => {
    const values = withChoices(environment, getValues());
    setValue("choices", values.choices);
    setValue("environment", environment.name, { shouldDirty: true, shouldValidate: true });
  };
  return (
    <>
      <RadioGroup legend={texts.form.environment} message={message} check={check} ids={ids}>
        {environments.length === 0 && <p>{texts.form.noEnvironments}</p>}
        {environments.length >= SEARCH_FROM && (
          <input
            type="search"
            className="form-control form-control-sm mb-2"
            aria-label={texts.form.environmentSearch}
            placeholder={texts.form.environmentSearch}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
            }}
          />
        )}
        <div className="environment-cards">
          {shown.map((environment) => (
            <EnvironmentCard
              key={environment.name}
              environment={environment}
              isChosen={environment.name === chosen}
              onChoose={choose}
            />
          ))}
        </div>
      </RadioGroup>
      <ChoiceFields options={environments.find(({ name }) => name === chosen)?.choices ?? []} />
    </>
  );
}

interface CardProps {
  environment: Environment;
  isChosen: boolean;
  onChoose: (environment: Environment) => void;
}

function EnvironmentCard({ environment, isChosen, onChoose }: CardProps) {
  const { name, title, description, ready_in_seconds: ready, allowed } = environment;
  const reason = typeof allowed === "string" ? allowed : null;
  const facts = [environmentSize(environment), ready ? texts.form.ready(ready) : ""].filter(
    Boolean,
  );
  return (
    <div className={`environment-card ${reason ? "closed" : ""}`}>
      <label>
        <input
          type="radio"
          name="environment"
          value={name}
          className="form-check-input"
          checked={isChosen}
          disabled={reason !== null}
          onChange={() => {
            onChoose(environment);
          }}
        />
        <span>
          <span className="d-block fw-semibold">
            <Text>{title}</Text>
          </span>
          {facts.length > 0 && <small className="d-block">{facts.join(" · ")}</small>}
          {description && (
            <small className="d-block text-body-secondary">
              <Text>{description}</Text>
            </small>
          )}
          {reason && <small className="d-block">{visible(reason)}</small>}
        </span>
      </label>
      <EnvironmentDetails environment={environment} />
    </div>
  );
}

function isClosed({ allowed }: Environment): boolean {
  return typeof allowed === "string";
}
