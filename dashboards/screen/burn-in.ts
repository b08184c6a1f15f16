/** A step so often; a whole round takes eight. */
const stepEveryMs = 45_000;
/** Where what always stands is, in units of the page; never far enough to be cut off. */
const round = [
  [0, 0],
  [0.5, 0.25],
  [0.8, 0],
  [0.5, -0.25],
  [0, -0.4],
  [-0.5, -0.25],
  [-0.8, 0],
  [-0.5, 0.25],
] as const;

/**
 * What stands on a panel for months burns in: the words that always stand move by a few pixels, and an emergency changes its ground and its ink with
 * each step. `stepped` is told the number of each step.
 */
export function startDrift(stepped: (step: number) => void): void {
  let step = 0;
  const show = () => {
    const [x, y] = round[step % round.length] ?? round[0];
    const { style, dataset } = document.documentElement;
    style.setProperty('--dx', String(x));
    style.setProperty('--dy', String(y));
    dataset['turn'] = step % 2 === 0 ? 'even' : 'odd';
    stepped(step);
    step += 1;
  };
  show();
  setInterval(show, stepEveryMs);
}
