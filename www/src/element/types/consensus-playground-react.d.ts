// <consensus-playground> in the TSX of React. Its events are properties from React 19 on.

import type { DetailedHTMLProps, HTMLAttributes } from "react";

import type { ConsensusPlaygroundElement, PlaygroundAttributes, PlaygroundEvents } from "./consensus-playground.js";

/** `onplayground-state` and its like. */
type Listeners = { [Name in keyof PlaygroundEvents as `on${Name}`]?: (event: PlaygroundEvents[Name]) => void };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      // React's types are in the page that uses these.
      // eslint-disable-next-line typescript/no-redundant-type-constituents
      "consensus-playground": DetailedHTMLProps<HTMLAttributes<ConsensusPlaygroundElement>, ConsensusPlaygroundElement> & PlaygroundAttributes & Listeners;
    }
  }
}
