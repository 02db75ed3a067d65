/** Real packages from the index of Python packages, built from their source where something is missing. */

/** What the machine may have and the provocation must not; hidden in a mount namespace of its own. */
const xml = [
  "/usr/include/libxml2",
  "/usr/include/libxslt",
  "/usr/bin/xslt-config",
  "/usr/bin/xml2-config",
];
const xmlFiles = ["libxml-2.0", "libxslt", "libexslt"].map(pkgconfigFile);
const postgres = ["/usr/bin/pg_config", pkgconfigFile("libpq")];
const ffi = ["/usr/include/x86_64-linux-gnu/ffi.h", pkgconfigFile("libffi")];
const gmp = ["/usr/include/gmp.h", "/usr/include/x86_64-linux-gnu/gmp.h", "/usr/include/gmpxx.h"];
const images = ["/usr/include/jpeglib.h", pkgconfigFile("libjpeg")];
const rust = "export PATH=/usr/bin:/bin\n";

export const pythonPackages = {
  "pip-lxml": { without: [...xml, ...xmlFiles], run: pip("lxml==5.3.0") },
  "pip-psycopg2": { without: postgres, run: pip("psycopg2==2.9.9") },
  "pip-mysqlclient": { run: pip("mysqlclient==2.2.4") },
  "pip-pycairo": { run: pip("pycairo==1.26.0") },
  "pip-h5py": { run: pip("h5py==3.11.0") },
  "pip-numpy-no-compiler": {
    without: [
      "/usr/bin/cc",
      "/usr/bin/gcc",
      "/usr/bin/c++",
      "/usr/bin/g++",
      "/usr/bin/clang",
      "/usr/bin/x86_64-linux-gnu-gcc",
    ],
    run: pip("numpy==1.26.4"),
  },
  "pip-cffi": { without: ffi, run: pip("cffi==1.16.0") },
  "pip-pygraphviz": { run: pip("pygraphviz==1.13") },
  "pip-pyodbc": { run: pip("pyodbc==5.1.0") },
  "pip-cryptography": { run: `${rust}${pip("cryptography==42.0.8")}` },
  "pip-scipy-no-fortran": {
    without: ["/usr/bin/gfortran", "/usr/bin/gfortran-12", "/usr/bin/x86_64-linux-gnu-gfortran"],
    run: pip("scipy==1.13.1"),
  },
  "pip-python-ldap": { run: pip("python-ldap==3.4.4") },
  "pip-pycurl": { run: pip("pycurl==7.45.3") },
  "pip-dbus-python": { run: pip("dbus-python==1.3.2") },
  "pip-pygobject": { run: pip("PyGObject==3.48.2") },
  "pip-pyaudio": { run: pip("PyAudio==0.2.14") },
  "pip-pillow": { without: images, run: pip("pillow==10.3.0") },
  "pip-gmpy2": { without: gmp, run: pip("gmpy2==2.1.5") },
  "pip-pyscard": { run: pip("pyscard==2.0.7") },
  "pip-fiona": { run: pip("fiona==1.9.6") },
  "pip-gdal": { run: pip("GDAL==3.6.2") },
  "pip-shapely": { run: pip("shapely==2.0.4") },
  "pip-pyproj": { run: pip("pyproj==3.6.1") },
  "pip-mpi4py": { run: pip("mpi4py==3.1.6") },
  "pip-tables": { run: pip("tables==3.9.2") },
  "pip-netcdf4": { run: pip("netCDF4==1.6.5") },
  "pip-snappy": { run: pip("python-snappy==0.6.1") },
  "pip-pylibmc": { run: pip("pylibmc==1.6.3") },
  "pip-bcrypt": { run: `${rust}${pip("bcrypt==4.1.3")}` },
  "pip-pyicu": {
    without: [pkgconfigFile("icu-i18n"), "/usr/bin/icu-config"],
    run: pip("PyICU==2.13.1"),
  },
  "pip-systemd": { run: pip("systemd-python==235") },
  "pip-gssapi": { run: pip("gssapi==1.8.3") },
  "pip-pyfuse3": { run: pip("pyfuse3==3.3.0") },
  "pip-prctl": { run: pip("python-prctl==1.8.1") },
  "pip-pyqt5": { run: pip("PyQt5==5.15.10") },
  "pip-sasl": { run: pip("sasl==0.3.1") },
  "pip-pplpy": { run: pip("pplpy==0.8.9") },
  "pip-rtmidi": { run: pip("python-rtmidi==1.5.8") },
  "pip-uwsgi-no-compiler": {
    without: ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/x86_64-linux-gnu-gcc"],
    run: pip("uWSGI==2.0.26"),
  },
  // These are too old for the Python, or their tools are too new for them.
  "pip-pyyaml-old": { run: pip("PyYAML==5.4.1") },
  "pip-typed-ast": { run: pip("typed-ast==1.4.0") },
  "pip-greenlet-old": { run: pip("greenlet==0.4.17") },
  "pip-markupsafe-old": { run: pip("MarkupSafe==1.0") },
  "pip-zoneinfo": { run: pip("backports.zoneinfo==0.2.1") },
  "pip-pycrypto": { run: pip("pycrypto==2.6.1") },
  "pip-suds": { run: pip("suds==0.4") },
  "pip-functools32": { run: pip("functools32==3.2.3.post2") },
  "pip-sklearn": { run: pip("sklearn==0.0.post12") },
};

function pip(requirement) {
  const name = requirement.split("==")[0];
  return `pip wheel --progress-bar off --no-deps --no-binary ${name} -w out '${requirement}'`;
}

function pkgconfigFile(name) {
  return `/usr/lib/x86_64-linux-gnu/pkgconfig/${name}.pc`;
}
