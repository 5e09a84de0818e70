/** Answers `GET /communications/callRecords/{id}`: a call, its organizer, and one expanded relationship. */
import { resourceAt } from '../../contract/resources.ts';
import { callRecordsPath as collection, contextUrl } from '../../query/odata/context-url.ts';
import { type Expansion, planExpand } from '../../query/plan/expand.ts';
import { type PagePlan, planRepresentation, type Representation } from '../../query/plan/read-plan.ts';
import { projectEntity } from '../../wire/projection/entity.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import { missingAnnotation } from '../../wire/projection/missing-list.ts';
import { pageText } from '../../wire/projection/page.ts';
import type { Edition } from '../../store/edition.ts';
import type { Output } from '../../wire/text/edits.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { callEdition } from '../call-edition.ts';
import { callLists, isMissing, showsInferred } from '../call-lists.ts';
import { formatEtag, matchesEtag } from '../etag.ts';
import { listPage } from '../list-page.ts';
import type { GraphResponse } from '../messages.ts';
import { navigationContext } from '../navigation-context.ts';
import { askedCall, type Read, type ReadParts } from '../handler.ts';
import { notModified, ok } from '../response.ts';

export async function readCallRecord(read: Read, parts: ReadParts): Promise<GraphResponse> {
  const { target, request, edm, options, resource } = read;
  const representation = planRepresentation(read, target, edm);
  const expand = planExpand(options.expand, target.typeName, resource.expandable, edm);
  const edition = await callEdition(read, parts);
  const page = expand && expandedPage(read, expand);
  const list = expand && callLists[expand.navigation]!;
  const etag = formatEtag(edition.digest, representation, {
    page,
    expand,
    reconciled: list !== undefined && showsInferred(list, edition, read.reconciled),
    isMissing: list !== undefined && isMissing(list, edition),
  });
  const answer = { read, etag, pageSize: page?.preferredSize, asOf: read.preferences.asOf };
  if (matchesEtag(request.headers['if-none-match'], etag)) return notModified(answer);

  const head = new OpenBlock(await parts.store.head(edition), storedTypes.callRecord);
  const { serviceRoot } = request;
  const isExpanded = expand?.navigation === 'participants_v2';
  const body = projectEntity(head, 0, storedTypes.callRecord, representation, {
    contextUrl: contextUrl(serviceRoot, collection, representation.select, 'entity', expand),
    path: collection,
    before: new Map([
      ['organizer_v2', navigationContext(serviceRoot, askedCall(read), 'organizer_v2', '/$entity')],
    ]),
    expanded: expand && (await expansion(read, parts, edition, { expand, page: page!, representation })),
    // In the documentation's example this annotation is last, unless properties are selected.
    trailing:
      representation.select === undefined && !isExpanded
        ? navigationContext(serviceRoot, askedCall(read), 'participants_v2', '/$entity')
        : '',
  });
  return ok(answer, body);
}

/** Plans the first page of the expanded list: `maxpagesize` is its size. */
function expandedPage({ preferences, target }: Read, { navigation }: Expansion): PagePlan {
  const maximum = resourceAt(`${target.template}/${navigation}`)!.pageSize!; // only lists are expanded here
  const preferredSize =
    preferences.maxPageSize === undefined ? undefined : Math.min(preferences.maxPageSize, maximum);
  return {
    edition: undefined,
    index: 0,
    size: preferredSize ?? maximum,
    preferredSize,
    asOf: preferences.asOf,
  };
}

/** Writes the expanded relationship as members of the call. */
async function expansion(
  read: Read,
  parts: ReadParts,
  edition: Edition,
  asked: { expand: Expansion; page: PagePlan; representation: Representation },
): Promise<(out: Output) => void> {
  const { expand, page } = asked;
  const { navigation, select } = expand;
  const { serviceRoot } = read.request;
  const list = callLists[navigation]!;
  const representation = { ...asked.representation, select };
  const { slices, nextLink } = await listPage(read, parts, edition, list, {
    page,
    representation,
    expand: expand.expand,
    query: queryOf(expand),
  });
  const text = pageText(slices, list.type, representation);
  const suffix = navigation === 'participants_v2' ? '/$entity' : contextSuffix(expand);
  const missing = missingAnnotation(representation, isMissing(list, edition), navigation);
  return (out) => {
    if (text.length === 0 && representation.omitNulls) {
      out.text(missing);
      return;
    }
    if (representation.metadata !== 'none')
      out.text(`${navigationContext(serviceRoot, askedCall(read), navigation, suffix)},`);
    if (missing !== '') out.text(`${missing},`);
    if (nextLink !== undefined) out.text(`"${navigation}@odata.nextLink":${JSON.stringify(nextLink)},`);
    out.text(`"${navigation}":[`);
    out.bytesOf(text);
    out.byte(0x5d);
  };
}

/** Returns the query options for the list's next pages. */
function queryOf({ select, expand }: Expansion): string {
  const options = [
    ...(select === undefined ? [] : [`$select=${select.join(',')}`]),
    ...(expand === undefined ? [] : [`$expand=${expand.navigation}`]),
  ];
  return options.join('&');
}

function contextSuffix({ navigation, select, expand }: Expansion): string {
  const path = contextUrl('', navigation, select, 'collection', expand);
  return path.slice(path.indexOf('#') + 1 + navigation.length);
}
