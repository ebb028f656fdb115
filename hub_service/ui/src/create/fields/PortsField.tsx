/** The ports on which programs of the session listen. */
import { useFormContext } from "react-hook-form";

import { boot } from "../../boot/boot";
import { texts } from "../../texts";
import type { FormValues } from "../values";
import { Rows } from "./Rows";
import { RowText, RowTitle } from "./RowText";

export function PortsField() {
  return (
    <Rows
      name="ports"
      legend={texts.form.ports}
      help={`${texts.form.portsHelp} ${mayUdp() ? texts.form.udpOnly : texts.form.udp}`}
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
  return (
    <>
      <RowText
        name={`ports.${place}.number`}
        label={texts.form.portNumber(place + 1)}
        title={texts.form.rowTitles.number}
        placeholder="8080"
        inputMode="numeric"
      />
      <div className="row-short">
        <RowTitle>{texts.form.rowTitles.protocol}</RowTitle>
        <select
          className="form-select"
          aria-label={texts.form.portProtocol(place + 1)}
          {...register(`ports.${place}.protocol`)}
        >
          <option value="TCP">TCP</option>
          <option value="UDP" disabled={!mayUdp()}>
            UDP
          </option>
        </select>
      </div>
      <RowText
        name={`ports.${place}.name`}
        label={texts.form.portName(place + 1)}
        title={texts.form.rowTitles.name}
      />
    </>
  );
}

function mayUdp(): boolean {
  return boot.me.features.udp?.on === true;
}
