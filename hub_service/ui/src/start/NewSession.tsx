/** "New session" with its quicker ways. */
import { useActions, useIsStarting } from "../actions/Actions";
import { boot } from "../boot/boot";
import { texts } from "../texts";
import { openLayer } from "../url/location";
import { paths } from "../url/routes";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { whyNoYaml } from "../yaml/may";
import { useQuickStart } from "./useQuickStart";

export function NewSession() {
  const { start } = useActions();
  const isStarting = useIsStarting();
  const { label, note, request, reason } = useQuickStart();
  const quick = {
    label,
    note,
    reason: reason ?? (isStarting ? texts.form.creating : undefined),
    run: () => {
      if (request) start(request);
    },
  };
  const ownSpec = {
    label: texts.start.ownSpec,
    reason: boot.me.unsupported.pod_spec ?? (whyNoYaml() || undefined),
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
      <Menu
        label={texts.start.more}
        className="btn btn-primary btn-split"
        items={[quick, ownSpec]}
        isBusy={isStarting}
      >
        <Icon name="down" />
      </Menu>
    </div>
  );
}
