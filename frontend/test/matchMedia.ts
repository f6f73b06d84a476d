/** jsdom has no media queries; modules ask for them when they load, so this runs before any of them. */
window.matchMedia = (media: string) =>
  Object.assign(new EventTarget(), {
    media,
    matches: false,
    onchange: null,
    addListener() {},
    removeListener() {},
  });
