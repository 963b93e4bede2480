"""Write the shipped CSV files from their generators: ``python datasets/build.py``.

The files come out byte-identical every time, so that ``git diff`` shows any change of a generator.
"""

from pathlib import Path

from workshop_lib import data

HERE = Path(__file__).resolve().parent
RECIPES = {"credit_2024.csv": data.credit, "credit_raw.csv": data.credit_raw}


def build(folder=HERE):
    """Write every file of RECIPES (default size, seed 0) to `folder` and return the paths."""
    paths = []
    for name, generate in RECIPES.items():
        path = Path(folder) / name
        path.write_bytes(generate().to_csv(index=False, lineterminator="\n").encode())
        paths.append(path)
    return paths


if __name__ == "__main__":
    for path in build():
        print(f"{path.name}: {path.stat().st_size:,} bytes")
