// The few signs of the interface, drawn on a grid of 16.

import { svg } from "lit";
import type { SVGTemplateResult } from "lit";

const icon = (path: string): SVGTemplateResult => svg`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  play: icon("M4 2.5v11l9-5.5z"),
  pause: icon("M4 3h3v10H4zM9 3h3v10H9z"),
  forward: icon("M3 3l6 5-6 5zM10.5 3H13v10h-2.5z"),
  back: icon("M13 3L7 8l6 5zM5.5 3H3v10h2.5z"),
  end: icon("M2 3l5 5-5 5zM7 3l5 5-5 5zM12.5 3H14v10h-1.5z"),
  undo: icon("M6.200 2.500 7.300 3.600 5.200 5.700H9.500a4 4 0 0 1 0 8H5v-1.600h4.500a2.400 2.400 0 0 0 0-4.800H5.200L7.300 9.400 6.200 10.500 2.200 6.500z"),
  redo: icon("M9.800 2.500 8.700 3.600 10.800 5.700H6.500a4 4 0 0 0 0 8H11v-1.600H6.500a2.400 2.400 0 0 1 0-4.800h4.300L8.700 9.400 9.800 10.500 13.800 6.500z"),
  close: icon("M3.5 2.4 8 6.9l4.5-4.5 1.1 1.1L9.1 8l4.5 4.5-1.1 1.1L8 9.1l-4.5 4.5-1.1-1.1L6.9 8 2.4 3.5z"),
  check: icon("M1.6 8.6 3 7.2l3.2 3.2L13 3l1.5 1.3-8.2 9z"),
  cross: icon("M3.5 2.4 8 6.9l4.5-4.5 1.1 1.1L9.1 8l4.5 4.5-1.1 1.1L8 9.1l-4.5 4.5-1.1-1.1L6.9 8 2.4 3.5z"),
  violation: icon("M8 .5 15.500 8 8 15.500 .500 8z"),
  lie: icon("M3 4.800h10v1.600H3zM3 9.600h10v1.600H3zM10.400 2l1.400.700-6.200 11.600-1.400-.700z"),
  share: icon("M8 1.200 11.600 4.800 10.500 5.900 8.750 4.150V10H7.250V4.150L5.500 5.900 4.400 4.800zM3 7h2.500v1.500H4.500v5h7v-5h-1V7H13v8H3z"),
  menu: icon("M1.500 3.200h13v1.600h-13zM1.500 7.200h13v1.600h-13zM1.500 11.200h13v1.600h-13z"),
  more: icon("M2 7h2.600v2.600H2zM6.7 7h2.600v2.600H6.700zM11.4 7H14v2.600h-2.600z"),
  zoomIn: icon("M7.2 3h1.600v4.200H13v1.600H8.800V13H7.200V8.800H3V7.200h4.200z"),
  zoomOut: icon("M3 7.200h10v1.600H3z"),
};
