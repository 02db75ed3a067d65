from Cython.Build import cythonize
from setuptools import Extension, setup

setup(
    ext_modules=cythonize(
        [Extension("pygreet._greet", ["src/pygreet/_greet.pyx"], libraries=["greet"])],
        language_level=3,
    )
)
