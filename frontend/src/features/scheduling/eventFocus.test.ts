import { beforeEach, describe, expect, it } from "vitest";
import { focusEvent, focusedEvent, keepFocusOn, letGoOf } from "./eventFocus";

function drawn(id: string): HTMLElement {
  const element = document.createElement("div");
  element.tabIndex = 0;
  document.body.append(element);
  keepFocusOn(element, id);
  return element;
}

const press = (key: string, altKey = false) =>
  document.dispatchEvent(new KeyboardEvent("keydown", { key, altKey }));

describe("the focus on an event", () => {
  beforeEach(() => {
    document.body.replaceChildren();
    press("Escape");
  });

  it("waits for an event that is drawn later", () => {
    focusEvent("visit");
    expect(document.activeElement).toBe(document.body);
    expect(drawn("visit")).toBe(document.activeElement);
  });

  it("follows the event that is drawn anew, and steps meanwhile are for it", () => {
    const before = drawn("visit");
    focusEvent("visit");
    letGoOf(before, "visit");
    before.remove();
    press("ArrowDown", true);
    expect(focusedEvent()).toBe("visit");
    expect(drawn("visit")).toBe(document.activeElement);
  });

  it.each([
    ["pressed a key", () => press("Tab")],
    ["pointed somewhere", () => document.dispatchEvent(new Event("pointerdown"))],
  ])("does not fetch back who meanwhile %s", (_, goElsewhere) => {
    focusEvent("visit");
    goElsewhere();
    expect(focusedEvent()).toBeNull();
    expect(drawn("visit")).not.toBe(document.activeElement);
  });
});
