/**
 * Dragging between calendars side by side. FullCalendar tells places apart by their time alone, so that the same hour
 * in the next column is no other place to it; here it is.
 */
import type { PluginInput } from "@fullcalendar/react";
import interactionPlugin from "@fullcalendar/react/interaction";

interface Hit {
  context: unknown;
}

interface Pointer {
  pageX: number;
  pageY: number;
}

/** What follows the pointer inside FullCalendar 7.1. */
interface HitDragging {
  movingHit: Hit | null;
  coordAdjust: { left: number; top: number };
  queryHitForOffset: (left: number, top: number) => Hit | null;
  handleMove: (pointer: Pointer, isForced?: boolean) => void;
}

type Interactions = NonNullable<PluginInput["componentInteractions"]>;

function noticeColumns(dragging: HitDragging): void {
  const handleMove = dragging.handleMove.bind(dragging);
  dragging.handleMove = (pointer, isForced = false) => {
    const { movingHit, coordAdjust } = dragging;
    const hit = dragging.queryHitForOffset(pointer.pageX + coordAdjust.left, pointer.pageY + coordAdjust.top);
    handleMove(pointer, isForced || hit?.context !== movingHit?.context);
  };
}

export const columnDragging: PluginInput = {
  ...interactionPlugin,
  componentInteractions: (interactionPlugin.componentInteractions as Interactions).map(
    (Interaction) =>
      class extends Interaction {
        constructor(settings: ConstructorParameters<typeof Interaction>[0]) {
          super(settings);
          const { hitDragging } = this as { hitDragging?: HitDragging };
          if (hitDragging) noticeColumns(hitDragging);
        }
      },
  ),
};
