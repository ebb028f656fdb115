/** What a session was given beside its drives, as lines of its facts; names only. Pure. */
import type { Session } from "../api/types";
import { portWords } from "../list/words";
import { texts } from "../texts";

export interface Line {
  name: string;
  words: string;
}

export function attachedLines(session: Session): Line[] {
  const { details: t } = texts;
  const lines = [
    { name: t.secrets, words: session.secrets.map(({ name }) => name).join(", ") },
    { name: t.serviceAccount, words: session.service_account ?? "" },
    { name: t.cloudSql, words: session.cloud_sql.map(({ instance }) => instance).join(", ") },
    { name: t.ports, words: session.urls ? "" : session.ports.map(portWords).join(", ") },
    { name: t.variables, words: Object.keys(session.env).sort().join(", ") },
    { name: t.yaml, words: session.custom_yaml ? t.ownYaml : "" },
  ];
  return lines.filter(({ words }) => words !== "");
}
