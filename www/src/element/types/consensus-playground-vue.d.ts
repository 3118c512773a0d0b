// <consensus-playground> in the templates of Vue.

import type { DefineComponent } from "vue";

import type { PlaygroundAttributes } from "./consensus-playground.js";

declare module "vue" {
  interface GlobalComponents {
    "consensus-playground": DefineComponent<PlaygroundAttributes>;
  }
}
