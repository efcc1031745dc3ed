import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';

/** What a value without text takes. */
const PLAIN_BYTES = 16;

/** Returns the SQL of how many bytes a value takes, or more, itself no text; 0 for null. */
export function textBytesSql(value: string, type: DuckDBType, depth = 0): string {
  return `coalesce(${sizeSql(value, type, depth)}, 0)`;
}

function sizeSql(value: string, type: DuckDBType, depth: number): string {
  if (type.typeId === DuckDBTypeId.VARCHAR) return `strlen(${value})`;
  if (type.typeId === DuckDBTypeId.BLOB) return `octet_length(${value})`;
  const inside = (list: string, of: DuckDBType): string => {
    const item = `item_${depth}`;
    return `coalesce(list_sum(list_transform(${list}, lambda ${item}: ${textBytesSql(item, of, depth + 1)})), 0)`;
  };
  if (type.typeId === DuckDBTypeId.LIST || type.typeId === DuckDBTypeId.ARRAY)
    return 'valueType' in type ? inside(value, type.valueType) : `${PLAIN_BYTES}`;
  if (type.typeId === DuckDBTypeId.MAP && 'keyType' in type)
    return `${inside(`map_keys(${value})`, type.keyType)} + ${inside(`map_values(${value})`, type.valueType)}`;
  if (type.typeId === DuckDBTypeId.STRUCT && 'entryTypes' in type)
    return `list_sum([${type.entryTypes
      .map((own, i) => textBytesSql(`struct_extract_at(${value}, ${i + 1})`, own, depth))
      .join(', ')}])`;
  return `${PLAIN_BYTES}`;
}
