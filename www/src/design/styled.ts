// Inline styles that the page's content security policy allows: set on the element's style object, never as an
// attribute. (Lit's own styleMap writes an attribute the first time.)

import { noChange } from "lit";
import { Directive, directive } from "lit/directive.js";
import type { ElementPart } from "lit/directive.js";

type Styles = Readonly<Record<string, string>>;

class Styled extends Directive {
  private before: Styles = {};

  render(_styles: Styles): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [styles]: [Styles]): typeof noChange {
    const { style } = element as HTMLElement | SVGElement;
    for (const name of Object.keys(this.before)) {
      if (!(name in styles)) {
        style.removeProperty(name);
      }
    }
    for (const [name, value] of Object.entries(styles)) {
      if (this.before[name] !== value) {
        style.setProperty(name, value);
      }
    }
    this.before = styles;
    return noChange;
  }
}

/** Stands in an element's tag by itself: `<span ${styled({ left: "3px" })}>`. */
export const styled = directive(Styled);
