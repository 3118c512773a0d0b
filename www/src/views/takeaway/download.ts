// Files that the page hands to the person. Nothing leaves the browser.

/** How long a browser may take to begin with it. */
const KEPT_MS = 60_000;
const NAME_MAX = 60;

export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** A title as the name of a file: `Cut the leader off` becomes `cut-the-leader-off`. */
export function fileName(title: string): string {
  const plain = title.normalize("NFKD").toLowerCase().replaceAll(/[\u0300-\u036f'’]/g, "").replaceAll(/[^a-z0-9]+/g, "-").slice(0, NAME_MAX).replaceAll(/^-|-$/g, "");
  return plain === "" ? "run" : plain;
}
