/** The ports on which programs of the session listen. */
import { useFormContext } from "react-hook-form";

import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import type { FormValues } from "../values";
import { Rows } from "./Rows";
import { RowText } from "./RowText";

export function PortsField() {
  return (
    <Rows
      name="ports"
      legend={texts.form.ports}
      help={texts.form.portsHelp}
      reason={boot.me.unsupported.ports}
      add={texts.form.addPort}
      remove={texts.form.removePort}
      empty={{ number: "", protocol: "TCP", name: "" }}
      row={(place) => <PortRow place={place} />}
    />
  );
}

function PortRow({ place }: { place: number }) {
  const { register } = useFormContext<FormValues>();
  const mayUdp = boot.me.features.udp?.on === true;
  return (
    <>
      <RowText
        name={`ports.${place}.number`}
        label={texts.form.portNumber(place + 1)}
        placeholder="8080"
        inputMode="numeric"
      />
      <select
        className="form-select row-short"
        aria-label={texts.form.portProtocol(place + 1)}
        title={mayUdp ? undefined : texts.form.udp}
        {...register(`ports.${place}.protocol`)}
      >
        <option value="TCP">TCP</option>
        <option value="UDP" disabled={!mayUdp}>
          UDP
        </option>
      </select>
      <RowText
        name={`ports.${place}.name`}
        label={texts.form.portName(place + 1)}
        placeholder={texts.form.portNameHint}
      />
      {!mayUdp && <small className="form-text w-100 mt-0">{texts.form.udp}</small>}
    </>
  );
}
