/** A real link to a drawer or dialog: a plain click opens it over the list, others as links do. */
import type { ReactNode } from "react";

import { hrefOf, openLayer } from "../url/location";

interface LayerLinkProps {
  to: string;
  children: ReactNode;
  id?: string;
  className?: string;
  label?: string;
  describedBy?: string | undefined;
}

export function LayerLink({ to, children, describedBy, label, ...rest }: LayerLinkProps) {
  return (
    <a
      href={hrefOf(to)}
      {...rest}
      aria-label={label}
      aria-describedby={describedBy}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        openLayer(to);
      }}
    >
      {children}
    </a>
  );
}
