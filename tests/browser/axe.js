// Runs the rules of the given tags; calls back with each element that breaks one.
const done = arguments[arguments.length - 1];
// The rules' own settings but for one: a word drawn by the style sheet in a corner of some code, such as its language,
// would keep all of the code from being looked at.
const contrast = {
  ignoreUnicode: true, ignoreLength: false, ignorePseudo: true, pseudoSizeThreshold: 0.25,
  boldValue: 700, boldTextPt: 14, largeTextPt: 18, shadowOutlineEmMax: 0.2, textStrokeEmMin: 0.03,
  contrastRatio: { normal: { expected: 4.5 }, large: { expected: 3 } },
};
axe.configure({ checks: [{ id: "color-contrast", options: contrast }] });
// Scripts of the page see a new size when the next frame is drawn, and that is over in the one after it.
const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
drawn().then(() => axe.run(document, { runOnly: { type: "tag", values: arguments[0] }, resultTypes: ["violations"] })).then(
  (result) =>
    done(
      result.violations.flatMap((rule) =>
        rule.nodes.map((node) => {
          const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join(". ");
          return `${rule.id}: ${node.target.flat().join(" ")}: ${why.slice(0, 240)}`;
        }),
      ),
    ),
  (error) => done([`axe: ${error}`]),
);
