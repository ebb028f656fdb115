/** "New session" with its quicker ways. */
import { newKey } from "../api/client";
import { useActions } from "../actions/Actions";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { openLayer } from "../url/location";
import { paths } from "../url/routes";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { useQuickStart } from "./useQuickStart";

export function NewSession() {
  const { start } = useActions();
  const { label, note, request, reason } = useQuickStart();
  const quick = {
    label,
    note,
    reason,
    run: () => {
      if (request) start(request, newKey());
    },
  };
  const ownSpec = {
    label: texts.start.ownSpec,
    reason: whyNoSpec(),
    run: () => {
      openLayer(paths.create("?spec=1"));
    },
  };
  return (
    <div className="btn-group">
      <button
        type="button"
        className="btn btn-primary"
        onClick={() => {
          openLayer(paths.create());
        }}
      >
        <Icon name="plus" /> {texts.start.newSession}
      </button>
      <Menu label={texts.start.more} className="btn btn-primary btn-split" items={[quick, ownSpec]}>
        <Icon name="down" />
      </Menu>
    </div>
  );
}

function whyNoSpec(): string | undefined {
  const { may, unsupported } = boot.me;
  return unsupported.pod_spec ?? (may.pod_spec ? undefined : texts.start.ownSpecMayNot);
}
