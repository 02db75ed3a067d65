"""Lets colcon install CMake packages by tenon: `pip install` this, then `colcon build --merge-install` as before.

colcon builds packages at the same time, and with --merge-install they all copy into one folder. With this extension each of
them stages its files, and tenon joins (installs) them into that folder in one atomic step: no package sees half of another
one, two packages that bring different files for one path are a conflict that names both, and files that a package no longer
has go away. TENON names another program than `tenon`.
"""
import os
from pathlib import Path
import shutil

from colcon_cmake.task.cmake.build import CmakeBuildTask
from colcon_core.package_augmentation import PackageAugmentationExtensionPoint
from colcon_core.plugin_system import satisfies_version
from colcon_core.task import run


class JoinedByTenon(PackageAugmentationExtensionPoint):
    """Packages of the type `cmake` become packages of the type `tenon.cmake`."""

    def __init__(self):
        super().__init__()
        satisfies_version(PackageAugmentationExtensionPoint.EXTENSION_POINT_VERSION, '^1.0')

    def augment_package(self, desc, *, additional_argument_names=None):
        if desc.type == 'cmake':
            desc.type = 'tenon.cmake'


class TenonCmakeBuildTask(CmakeBuildTask):
    """Builds as colcon-cmake does, and installs by way of a stage."""

    async def _install(self, args, env):
        stage = Path(args.build_base) / 'tenon-stage'
        shutil.rmtree(stage, ignore_errors=True)
        completed = await super()._install(args, {**env, 'DESTDIR': str(stage)})
        if completed.returncode:
            return completed
        package = self.context.pkg
        version = package.metadata.get('version') or '0'
        prefix = os.path.abspath(args.install_base)
        self.progress('join')
        return await run(self.context, [
            os.environ.get('TENON', 'tenon'), 'install', '--name', package.name, '--version', version,
            '--stage', f'{stage}{prefix}', '--prefix', prefix], cwd=args.build_base, env=env)
