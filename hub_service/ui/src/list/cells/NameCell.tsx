/** The row's header: the name, a link to the details, and the id that can be copied. */
import type { Session } from "../../api/types";
import { texts } from "../../texts";
import { CopyButton } from "../../ui/copy";
import { rowNameId } from "../../ui/focus";
import { Text } from "../../ui/Text";
import { paths } from "../../url/routes";
import { LayerLink } from "../../ui/LayerLink";

export function NameCell({ session }: { session: Session }) {
  return (
    <th scope="row" className="col-id">
      <NameAndId session={session} />
    </th>
  );
}

export function NameAndId({ session }: { session: Session }) {
  return (
    <>
      <LayerLink id={rowNameId(session.id)} to={paths.details(session.id)} className="row-name">
        <Text>{session.name}</Text>
      </LayerLink>
      <span className="row-id">
        <code>{session.id}</code>
        <CopyButton text={session.id} label={texts.list.copyId(session.name)} />
      </span>
    </>
  );
}
