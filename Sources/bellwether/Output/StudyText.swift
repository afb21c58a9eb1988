import Cluster

/// What a study has found, and what that is worth, as people read it.
enum StudyText {
    /// The best trial, or the most robust, with everything that speaks for or against it.
    static func best(_ study: StudyView, robust: Bool) -> String {
        let plateau = study.plateau
        guard let trial = robust ? plateau?.robust : study.best else { return "no trial has an objective yet" }
        let parts = [
            TrialText.details(trial), worth(study, robust: robust), plateau.map { surroundings($0, study, robust: robust) },
            importance(study),
        ]
        return parts.compactMap { $0 }.joined(separator: "\n\n")
    }

    private static func worth(_ study: StudyView, robust: Bool) -> String {
        let earlier = study.earlierTrials > 0 ? ", \(study.earlierTrials) of them before this study" : ""
        let deflated = robust ? study.plateau?.robustDeflatedSharpe : study.deflatedSharpe
        return Table.pairs([
            ("picked from", Text.count(study.trialsCounted, "trial") + earlier),
            ("deflated Sharpe", deflated.map { Text.number($0) }),
            (
                "overfitting",
                study.overfitting.map {
                    "\(Text.percent($0.probability)) of the splits put the best below the median, \(Text.percent($0.lossProbability)) "
                        + "into loss (\(Text.count($0.trials, "trial")), \($0.blocks) blocks)"
                }
            ),
        ])
    }

    private static func surroundings(_ plateau: PlateauView, _ study: StudyView, robust: Bool) -> String {
        var pairs: [(String, String?)] = [("median of all trials", Text.number(plateau.typical))]
        for fall in plateau.falls {
            pairs.append(("best, up to \(Text.number(fall.distance * 100)) % away", Text.number(fall.objective)))
        }
        let distance = Text.number(plateau.robustDistance * 100)
        let isSame = plateau.robust.number == study.best?.number
        pairs.append(
            (
                "most robust, up to \(distance) % away",
                "\(Text.number(plateau.robustObjective)): trial \(plateau.robust.number)"
                    + (isSame ? ", which is the best" : (robust ? "" : ", see --robust"))
            ))
        return "expected around it\n" + Table.pairs(pairs)
    }

    private static func importance(_ study: StudyView) -> String? {
        guard study.parameters.contains(where: { $0.bestTenth != nil }) else { return nil }
        var table = Table([.text("parameter"), .number("best tenth"), .number("variance")])
        let ranked = study.parameters.sorted { ($1.bestTenth ?? 0, $0.name) < ($0.bestTenth ?? 0, $1.name) }
        for parameter in ranked {
            table.add([
                parameter.name, parameter.bestTenth.map { Text.percent($0) } ?? "",
                parameter.variance.map { Text.percent($0) } ?? "",
            ])
        }
        return "importance: share in what set the best tenth apart (PED-ANOVA), share of the variance alone (fANOVA)\n"
            + table.text
    }
}
