namespace OrleansWings.Certificates;

/// <summary>A certificate that cannot be used, in one sentence for the person who can mend it: the file, what is wrong, what to do.</summary>
public sealed class CertificateFaultException(string message, Exception? inner = null) : Exception(message, inner);
