/** The calls that change drives, each with what is said when it is done. */
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { ApiError, call } from "../api/client";
import { sentenceOf } from "../api/error-text";
import { whileAway } from "../api/retry";
import type { Drive } from "../api/types";
import { keys } from "../live/cache";
import { texts } from "../texts";
import { useNotices } from "../ui/Notices";
import { visible } from "../ui/visible";

const KEY = ["drives"];

export interface Change {
  /** The name of the drive that it makes. */
  makes?: string;
  run: () => Promise<Drive>;
  done: (drive: Drive) => string;
  undo?: Change;
}

interface NewDrive {
  name: string;
  size?: string;
  storage_class?: string;
}

export function makeDrive(body: NewDrive, idempotencyKey: string): Change {
  return {
    makes: body.name,
    run: () => call<Drive>("POST", "drives", { body, idempotencyKey }),
    done: ({ name }) => texts.form.driveMade(visible(name)),
  };
}

export function renameDrive(drive: Drive, name: string, isUndo = false): Change {
  return {
    run: () => call<Drive>("PATCH", `drives/${drive.id}`, { body: { name } }),
    done: (renamed) => texts.rename.renamed(visible(renamed.name)),
    ...(isUndo ? {} : { undo: renameDrive(drive, drive.name, true) }),
  };
}

export function growDrive({ id }: Drive, size: string): Change {
  return {
    run: () => call<Drive>("PATCH", `drives/${id}`, { body: { size } }),
    done: (grown) => texts.drives.grown(visible(grown.name)),
  };
}

export function deleteDrive(drive: Drive, days: string): Change {
  const { id, name } = drive;
  let isInDoubt = false;
  return {
    run: async () => {
      try {
        return await call("DELETE", `drives/${id}?${new URLSearchParams({ confirm: name })}`);
      } catch (error) {
        // Nobody answered the call before: it has deleted what is not there any more.
        if (isInDoubt && error instanceof ApiError && error.status === 404) return drive;
        isInDoubt ||= error instanceof Error && whileAway.retry(0, error);
        throw error;
      }
    },
    done: () => texts.drives.deleted(visible(name), days),
  };
}

export function restoreDrive({ id }: Drive): Change {
  return {
    run: () => call<Drive>("POST", `drives/${id}/restore`, { body: {} }),
    done: (drive) => texts.drives.restored(visible(drive.name)),
  };
}

/** The name of a drive that is being made right now. */
export function driveInMaking(client: QueryClient): string | undefined {
  const pending = client.getMutationCache().findAll({ mutationKey: KEY, status: "pending" });
  return pending.map(({ state }) => (state.variables as Change).makes).find(Boolean);
}

/** Make a change; with `isTold` a refusal becomes a notice, else whoever asked shows it. */
export function useDriveChange(isTold = false) {
  const client = useQueryClient();
  const { say } = useNotices();
  const tell = (error: Error) => {
    say(sentenceOf(error), { tone: "error" });
  };
  const look = () => {
    void client.invalidateQueries({ queryKey: keys.drives });
    void client.invalidateQueries({ queryKey: keys.limits });
    void client.invalidateQueries({ queryKey: ["preview"] });
  };
  const shared = {
    mutationKey: KEY,
    mutationFn: (change: Change) => change.run(),
    ...whileAway,
    onSettled: look,
  };
  const { mutate: takeBack } = useMutation({
    ...shared,
    onSuccess: (drive, { done }) => {
      say(done(drive));
    },
    onError: tell,
  });
  return useMutation({
    ...shared,
    onSuccess: (drive, { done, undo }) => {
      const run = () => {
        if (undo) takeBack(undo);
      };
      say(done(drive), undo ? { action: { label: texts.undo, run } } : {});
    },
    ...(isTold ? { onError: tell } : {}),
  });
}
