// Where the files of dist/ are, as the loader says when it starts the app.

export let dist: Files;

export function settle(files: Files): void {
  dist = files;
}
