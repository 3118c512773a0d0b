// <consensus-playground> in the TSX of React.

import type { DetailedHTMLProps, HTMLAttributes } from "react";

import type { ConsensusPlaygroundElement, PlaygroundAttributes } from "./consensus-playground";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      // React's types are in the page that uses these.
      // eslint-disable-next-line typescript/no-redundant-type-constituents
      "consensus-playground": DetailedHTMLProps<HTMLAttributes<ConsensusPlaygroundElement>, ConsensusPlaygroundElement> & PlaygroundAttributes;
    }
  }
}
