# Answers that the checks of 04_document must refuse (wrong) or accept (right).

# %% wrong="logs_counts_only" exercise="log_record"
def log_record(step, before, after):
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": len(before),
        "rows_out": len(after),
    }


# %% wrong="digest_of_what_is_shown" exercise="log_record"
import hashlib


def log_record(step, before, after):
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": len(before),
        "rows_out": len(after),
        "cells_changed": int(differs(before, after).sum().sum()),
        "sha256_out": hashlib.sha256(str(after).encode()).hexdigest(),
    }


# %% wrong="hash_of_this_process" exercise="log_record"
def log_record(step, before, after):
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": len(before),
        "rows_out": len(after),
        "cells_changed": int(differs(before, after).sum().sum()),
        "sha256_out": hash(after.to_csv()),
    }


# %% wrong="numbers_that_json_refuses" exercise="log_record"
def log_record(step, before, after):
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": before.shape[0],
        "rows_out": after.shape[0],
        "cells_changed": differs(before, after).sum().sum(),
        "sha256_out": artifacts.digest(after),
    }


# %% wrong="digest_before_the_step" exercise="log_record"
def log_record(step, before, after):
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": len(before),
        "rows_out": len(after),
        "cells_changed": int(differs(before, after).sum().sum()),
        "sha256_out": artifacts.digest(before),
    }


# %% wrong="counts_rows_not_cells" exercise="log_record"
def log_record(step, before, after):
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": len(before),
        "rows_out": len(after),
        "cells_changed": int(differs(before, after).any(axis=1).sum()),
        "sha256_out": artifacts.digest(after),
    }


# %% right="SHA-256 of the CSV text, cells counted column by column" exercise="log_record"
import hashlib


def log_record(step, before, after):
    record = dict(step)
    record["rows_in"], record["rows_out"] = before.shape[0], after.shape[0]
    changed = 0
    for column in differs(before, after):
        changed += int(differs(before, after)[column].sum())
    record["cells_changed"] = changed
    record["sha256_out"] = hashlib.sha256(after.to_csv(index=False).encode()).hexdigest()
    return record


# %% right="hash_pandas_object of the rows, and the names" exercise="log_record"
import hashlib


def log_record(step, before, after):
    digest = hashlib.sha256(",".join(after.columns).encode())
    digest.update(pd.util.hash_pandas_object(after, index=False).to_numpy().tobytes())
    return dict(
        step=step["step"],
        params=step["params"],
        rows_in=len(before.index),
        rows_out=len(after.index),
        cells_changed=int(np.count_nonzero(differs(before, after))),
        sha256_out=digest.hexdigest(),
    )


# %% right="unpacked step, sum of sums made a Python number" exercise="log_record"
def log_record(step, before, after):
    return {
        **step,
        "rows_in": len(before),
        "rows_out": len(after),
        "cells_changed": differs(before, after).sum().sum().item() if len(after) else 0,
        "sha256_out": artifacts.digest(after),
    }


# %% hardcoded="the example" exercise="log_record"
def log_record(step, before, after):
    return {
        "step": step["step"],
        "params": step["params"],
        "rows_in": 3,
        "rows_out": 3,
        "cells_changed": 1,
        "sha256_out": "0" * 64,
    }


# %% wrong="lists_the_consequences" exercise="verify"
def verify(df, recipe, log):
    return [
        step["step"]
        for (step, _, after), record in zip(replay(df, recipe), log)
        if artifacts.digest(after) != record["sha256_out"] or step["params"] != record["params"]
    ]


# %% wrong="blames_the_last_step" exercise="verify"
def verify(df, recipe, log):
    for step, before, after in replay(df, recipe):
        pass
    return [] if artifacts.digest(after) == log[-1]["sha256_out"] else [step["step"]]


# %% wrong="ignores_the_params" exercise="verify"
def verify(df, recipe, log):
    for (step, before, after), record in zip(replay(df, recipe), log):
        if artifacts.digest(after) != record["sha256_out"]:
            return [step["step"]]
    return []


# %% wrong="does_not_replay" exercise="verify"
def verify(df, recipe, log):
    for step, record in zip_longest(recipe, log, fillvalue={"step": "", "params": {}}):
        if (step["step"], step["params"]) != (record["step"], record["params"]):
            return [step["step"] or record["step"]]
    return []


# %% wrong="stops_at_the_shorter" exercise="verify"
def verify(df, recipe, log):
    for (step, before, after), record in zip(replay(df, recipe), log):
        fresh = {**step, "sha256_out": artifacts.digest(after)}
        if any(fresh[key] != record[key] for key in fresh):
            return [step["step"]]
    return []


# %% wrong="raises_an_error" exercise="verify"
def verify(df, recipe, log):
    # Uses a field that the log of a colleague does not have.
    for (step, before, after), record in zip(replay(df, recipe), log):
        if len(after) != record["rows_out"]:
            return [step["step"]]
    return []


# %% wrong="replays_on_the_input" exercise="verify"
def verify(df, recipe, log):
    for step, record in zip_longest(recipe, log):
        if step is None or record is None:
            return [(step or record)["step"]]
        after = REGISTRY[step["step"]](df, **step["params"])
        fresh = {**step, "sha256_out": artifacts.digest(after)}
        if any(fresh[key] != record[key] for key in fresh):
            return [step["step"]]
    return []


# %% wrong="compares_the_table_before" exercise="verify"
def verify(df, recipe, log):
    for replayed, record in zip_longest(replay(df, recipe), log):
        if replayed is None or record is None:
            return [(record or replayed[0])["step"]]
        step, before, _ = replayed
        fresh = {**step, "sha256_out": artifacts.digest(before)}
        if any(fresh[key] != record[key] for key in fresh):
            return [step["step"]]
    return []


# %% wrong="compares_whole_records" exercise="verify"
def verify(df, recipe, log):
    table, fresh = run_recipe(df, recipe)
    for new, old in zip_longest(fresh, log):
        if new != old:
            return [(new or old)["step"]]
    return []


# %% wrong="length_before_content" exercise="verify"
def verify(df, recipe, log):
    if len(recipe) != len(log):
        longer = max(recipe, log, key=len)
        return [longer[min(len(recipe), len(log))]["step"]]
    for (step, before, after), record in zip(replay(df, recipe), log):
        fresh = {**step, "sha256_out": artifacts.digest(after)}
        if any(fresh[key] != record[key] for key in fresh):
            return [step["step"]]
    return []


# %% wrong="names_the_log" exercise="verify"
def verify(df, recipe, log):
    for replayed, record in zip_longest(replay(df, recipe), log):
        if replayed is None:
            return [record["step"]]
        step, _, after = replayed
        fresh = {**step, "sha256_out": artifacts.digest(after)}
        if record is None:
            return [step["step"]]
        if any(fresh[key] != record[key] for key in fresh):
            return [record["step"]]
    return []


# %% wrong="ignores_the_name" exercise="verify"
def verify(df, recipe, log):
    for replayed, record in zip_longest(replay(df, recipe), log):
        if replayed is None:
            return [record["step"]]
        step, _, after = replayed
        digest = artifacts.digest(after)
        if record is None or (step["params"], digest) != (record["params"], record["sha256_out"]):
            return [step["step"]]
    return []


# %% right="places, and the next step of the generator" exercise="verify"
def verify(df, recipe, log):
    steps = replay(df, recipe)
    for record in log:
        step, before, after = next(steps, (None, None, None))
        if step is None:
            return [record["step"]]
        same = step["step"] == record["step"] and step["params"] == record["params"]
        if not same or artifacts.digest(after) != record["sha256_out"]:
            return [step["step"]]
    return [recipe[len(log)]["step"]] if len(recipe) > len(log) else []


# %% right="a log of its own, compared entry by entry" exercise="verify"
def verify(df, recipe, log):
    fields = ["step", "params", "sha256_out"]
    table, fresh = run_recipe(df, recipe)
    for i in range(max(len(fresh), len(log))):
        if i >= len(fresh):
            return [log[i]["step"]]
        if i >= len(log) or [fresh[i][f] for f in fields] != [log[i][f] for f in fields]:
            return [fresh[i]["step"]]
    return []


# %% right="zip_longest over the generator" exercise="verify"
def verify(df, recipe, log):
    for replayed, record in zip_longest(replay(df, recipe), log):
        if replayed is None:
            return [record["step"]]
        step, _, after = replayed
        fresh = step | {"sha256_out": artifacts.digest(after)}
        if record is None or any(fresh[key] != record[key] for key in fresh):
            return [step["step"]]
    return []


# %% hardcoded="the example" exercise="verify"
def verify(df, recipe, log):
    return ["clean_age"]


# %% wrong="delta_upside_down" exercise="ablation"
def ablation(df, recipe, models, folds):
    rows = []
    for model in models:
        full = fold_scores(df, recipe, model, folds)
        for i, step in enumerate(recipe):
            without = fold_scores(df, recipe[:i] + recipe[i + 1 :], model, folds)
            d = without - full
            rows.append([model, step["step"], without.mean(), d.mean(), d.min(), d.max()])
    return pd.DataFrame(
        rows, columns=["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    )


# %% wrong="removes_more_and_more" exercise="ablation"
def ablation(df, recipe, models, folds):
    rows = []
    for model in models:
        before = fold_scores(df, recipe, model, folds)
        for i, step in enumerate(recipe):
            without = fold_scores(df, recipe[i + 1 :], model, folds)
            d = before - without
            rows.append([model, step["step"], without.mean(), d.mean(), d.min(), d.max()])
            before = without
    return pd.DataFrame(
        rows, columns=["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    )


# %% wrong="other_folds_for_each_variant" exercise="ablation"
def ablation(df, recipe, models, folds):
    rows = []
    k = folds.nunique()
    for model in models:
        full = fold_scores(df, recipe, model, folds)
        for i, step in enumerate(recipe):
            new_folds = folds_by_application(df, k, seed=i + 1)
            without = fold_scores(df, recipe[:i] + recipe[i + 1 :], model, new_folds)
            d = full - without
            rows.append([model, step["step"], without.mean(), d.mean(), d.min(), d.max()])
    return pd.DataFrame(
        rows, columns=["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    )


# %% wrong="score_of_the_full_recipe" exercise="ablation"
def ablation(df, recipe, models, folds):
    rows = []
    for model in models:
        full = fold_scores(df, recipe, model, folds)
        for i, step in enumerate(recipe):
            d = full - fold_scores(df, recipe[:i] + recipe[i + 1 :], model, folds)
            rows.append([model, step["step"], full.mean(), d.mean(), d.min(), d.max()])
    return pd.DataFrame(
        rows, columns=["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    )


# %% wrong="removes_the_rest" exercise="ablation"
def ablation(df, recipe, models, folds):
    rows = []
    for model in models:
        full = fold_scores(df, recipe, model, folds)
        for i, step in enumerate(recipe):
            without = fold_scores(df, recipe[:i], model, folds)
            d = full - without
            rows.append([model, step["step"], without.mean(), d.mean(), d.min(), d.max()])
    return pd.DataFrame(
        rows, columns=["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    )


# %% wrong="keeps_only_the_step" exercise="ablation"
def ablation(df, recipe, models, folds):
    rows = []
    for model in models:
        full = fold_scores(df, recipe, model, folds)
        for step in recipe:
            without = fold_scores(df, [step], model, folds)
            d = full - without
            rows.append([model, step["step"], without.mean(), d.mean(), d.min(), d.max()])
    return pd.DataFrame(
        rows, columns=["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    )


# %% wrong="removes_both_twins" exercise="ablation"
def ablation(df, recipe, models, folds):
    rows = []
    for model in models:
        full = fold_scores(df, recipe, model, folds)
        for removed in recipe:
            shorter = [step for step in recipe if step["step"] != removed["step"]]
            without = fold_scores(df, shorter, model, folds)
            d = full - without
            rows.append([model, removed["step"], without.mean(), d.mean(), d.min(), d.max()])
    return pd.DataFrame(
        rows, columns=["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    )


# %% right="keeps the steps that are not this one" exercise="ablation"
def ablation(df, recipe, models, folds):
    table = []
    for number, removed in enumerate(recipe):
        shorter = [step for place, step in enumerate(recipe) if place != number]
        for name in models:
            pairs = list(
                zip(fold_scores(df, recipe, name, folds), fold_scores(df, shorter, name, folds))
            )
            gains = [with_step - without for with_step, without in pairs]
            table.append(
                {
                    "delta_max": max(gains),
                    "delta_min": min(gains),
                    "delta": sum(gains) / len(gains),
                    "score": sum(without for _, without in pairs) / len(pairs),
                    "removed_step": removed["step"],
                    "model": name,
                }
            )
    return pd.DataFrame(table)


# %% right="a table of fold scores first, then the differences" exercise="ablation"
def ablation(df, recipe, models, folds):
    frames = []
    for model in models:
        full = pd.Series(fold_scores(df, recipe, model, folds))
        shorter = [recipe[:i] + recipe[i + 1 :] for i in range(len(recipe))]
        without = pd.DataFrame([fold_scores(df, steps, model, folds) for steps in shorter])
        gains = -without.sub(full, axis="columns")
        frames.append(
            pd.DataFrame(
                {
                    "model": model,
                    "removed_step": [step["step"] for step in recipe],
                    "score": without.mean(axis=1),
                    "delta": full.mean() - without.mean(axis=1),
                    "delta_min": gains.min(axis=1),
                    "delta_max": gains.max(axis=1),
                }
            )
        )
    return pd.concat(frames)


# %% right="its own loop over the folds" exercise="ablation"
def ablation(df, recipe, models, folds):
    def scores(steps, model):
        table = df
        for step in steps:
            table = REGISTRY[step["step"]](table, **step["params"])
        X = pd.get_dummies(table.drop(columns=NOT_INPUTS, errors="ignore")).astype(float)
        y, fold = table["repaid"], table["application_id"].map(folds)
        found = []
        for k in np.unique(folds):
            fitted = clone(MODELS[model]).fit(X[fold != k], y[fold != k])
            found.append(roc_auc_score(y[fold == k], fitted.predict_proba(X[fold == k])[:, 1]))
        return np.array(found)

    rows = []
    for model in models:
        for i, step in enumerate(recipe):
            without = scores(recipe[:i] + recipe[i + 1 :], model)
            d = scores(recipe, model) - without
            rows.append((model, step["step"], without.mean(), d.mean(), d.min(), d.max()))
    names = ["model", "removed_step", "score", "delta", "delta_min", "delta_max"]
    return pd.DataFrame(rows, columns=names)


# %% hardcoded="the example" exercise="ablation"
def ablation(df, recipe, models, folds):
    row = {"score": 0.69, "delta": 0.03, "delta_min": 0.02, "delta_max": 0.04}
    return pd.DataFrame(
        [{"model": m, "removed_step": step["step"], **row} for m in models for step in recipe]
    )
