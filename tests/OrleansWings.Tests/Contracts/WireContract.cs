using System.Globalization;
using System.Reflection;

namespace OrleansWings.Tests.Contracts;

/// <summary>One line per name or number that goes over the wire.</summary>
internal static class WireContract
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Describe(Assembly assembly)
        => TypesOf(assembly).SelectMany(Describe).Order(StringComparer.Ordinal);

    public static string? AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias;

    /// <summary>What would go over the wire under its C# name, so that a rename breaks it.</summary>
    public static IEnumerable<string> FindUnnamed(Assembly assembly)
    {
        foreach (var type in TypesOf(assembly))
        {
            if (AliasOf(type) is null)
                yield return $"{type.Name} has no [Alias]";
            if (type.IsInterface)
            {
                foreach (var method in type.GetMethods(Own).Where(method => method.GetCustomAttribute<AliasAttribute>() is null))
                    yield return $"{type.Name}.{method.Name} has no [Alias]";
            }
            else if (!type.IsEnum && !typeof(Exception).IsAssignableFrom(type))
            {
                // Stored automatic properties; those that are computed have no field.
                foreach (var property in type.GetProperties(Own).Where(property => IsStored(type, property) && IdOf(property) is null))
                    yield return $"{type.Name}.{property.Name} has no [Id]";
            }
        }
    }

    public static IEnumerable<Type> TypesOf(Assembly assembly)
        => assembly.GetTypes().Where(type => type.Namespace?.StartsWith("OrleansWings", StringComparison.Ordinal) == true
            && !type.Name.Contains("OrleansCodeGen", StringComparison.Ordinal)
            && (type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) || (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))));

    private static IEnumerable<string> Describe(Type type)
    {
        var alias = AliasOf(type) ?? $"({type.FullName})";
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => string.Create(CultureInfo.InvariantCulture, $"enum {alias} {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)} {name}"));
        if (type.IsInterface)
            return type.GetMethods(Own).Select(method => $"interface {alias} {method.GetCustomAttribute<AliasAttribute>()?.Alias}({string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)))}): {NameOf(method.ReturnType)}");
        return type.GetProperties(Own).Cast<MemberInfo>().Concat(type.GetFields(Own))
            .Select(member => (Member: member, Id: IdOf(member)))
            .Where(pair => pair.Id is not null)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"type {alias} {pair.Id} {NameOf(pair.Member is PropertyInfo property ? property.PropertyType : ((FieldInfo)pair.Member).FieldType)}"))
            .Prepend($"type {alias}");
    }

    private static uint? IdOf(MemberInfo member) => member.GetCustomAttribute<IdAttribute>()?.Id;

    private static bool IsStored(Type type, PropertyInfo property)
        => type.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return NameOf(inner) + "?";
        if (type.IsGenericType)
            return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
        return AliasOf(type) ?? type.Name;
    }
}
