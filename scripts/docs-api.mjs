/** The reference of the library: one page a folder, with what `phantomnet` exports from it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Application, Comment, ReflectionKind } from 'typedoc';
import ts from 'typescript';

/** The program's own folder is described by the page of the commands. */
const WITHOUT_PAGE = ['cli'];

/** Writes the pages to `folder`. Throws when something does not convert or has no docstring. */
export async function writeApi(folder) {
  const entryPoints = readdirSync('src')
    .filter((name) => !WITHOUT_PAGE.includes(name) && existsSync(`src/${name}/index.ts`))
    .map((name) => `src/${name}/index.ts`);
  const app = await Application.bootstrapWithPlugins({
    entryPoints,
    outputs: [{ name: 'markdown', path: folder }],
    tsconfig: 'tsconfig.build.json',
    plugin: ['typedoc-plugin-markdown'],
    logLevel: 'Warn',
    readme: 'none',
    name: 'phantomnet',
    sort: ['source-order'],
    groupOrder: ['Functions', 'Classes', 'Variables', '*'],
    disableSources: true,
    disableGit: true,
    excludePrivate: true,
    excludeInternal: true,
    hideGenerator: true,
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    expandParameters: true,
    validation: { notDocumented: false, notExported: false, invalidLink: true },
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('the sources do not convert; run npx tsc -p tsconfig.json');
  app.validate(project);
  for (const page of project.getReflectionsByKind(ReflectionKind.Module)) page.comment ??= opening(page.name);
  for (const name of undocumented(project)) app.logger.error(`${name} has no docstring`);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('docstrings are missing or wrong, as listed above');
  keepPublic(project);
  await app.generateOutputs(project);
}

/** What a folder takes, gives and never does: the comment its index.ts opens with. */
function opening(name) {
  const [, text] = readFileSync(`src/${name}/index.ts`, 'utf8').match(/^\/\*\*([\s\S]*?)\*\//) ?? [];
  return text && new Comment([{ kind: 'text', text: text.replaceAll(/^\s*\* ?/gm, '').trim() }]);
}

/** Every export must say what it is; a member of an exported type need not, when its name does. */
function undocumented(project) {
  return project
    .getReflectionsByKind(ReflectionKind.Module)
    .flatMap((page) => [page, ...(page.children ?? [])])
    .filter(
      (child) => !child.isReference() && ![child, ...(child.signatures ?? [])].some((r) => r.hasComment()),
    )
    .map((child) => child.getFullName());
}

/** Takes out what the package does not export: other folders use it, users cannot. */
function keepPublic(project) {
  const names = publicNames('src/index.ts');
  for (const page of project.getReflectionsByKind(ReflectionKind.Module)) {
    for (const child of [...(page.children ?? [])])
      if (!names.has(`${page.name}/${child.name}`)) project.removeReflection(child);
    if ((page.children ?? []).length === 0) project.removeReflection(page);
  }
}

/** `folder/name` of each export of the package: two folders may export the same name. */
function publicNames(file) {
  const { config } = ts.readConfigFile('tsconfig.build.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const source = ts.createProgram([file], options).getSourceFile(file);
  const fromFolders = source.statements.filter(ts.isExportDeclaration);
  return new Set(
    fromFolders.flatMap(({ moduleSpecifier, exportClause }) => {
      const [, folder] = moduleSpecifier.text.split('/');
      return exportClause.elements.map(
        (element) => `${folder}/${(element.propertyName ?? element.name).text}`,
      );
    }),
  );
}
