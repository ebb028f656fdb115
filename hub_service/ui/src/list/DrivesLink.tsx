/** The link to the screen Drives, beside the tabs. */
import { texts } from "../texts";
import { Icon } from "../ui/Icon";
import { LayerLink } from "../ui/LayerLink";
import { hrefOf } from "../url/location";
import { paths } from "../url/routes";

export function DrivesLink({ isHere = false }: { isHere?: boolean }) {
  const face = (
    <>
      <Icon name="drive" /> {texts.tabs.drives}
    </>
  );
  if (isHere) {
    return (
      <a className="nav-link active" aria-current="page" href={hrefOf(paths.drives())}>
        {face}
      </a>
    );
  }
  return (
    <LayerLink to={paths.drives()} className="nav-link">
      {face}
    </LayerLink>
  );
}
